import { join } from 'node:path'
import { expect, test } from 'vitest'
import { explainCode, readPages } from '../src/app/explain.ts'
import { isFault } from '../src/base/index.ts'
import { policyIds } from '../src/gate/index.ts'
import { scanCodes, unionMembers } from './support/codes.ts'

const source = join(import.meta.dirname, '..', 'src')
const pages = readPages()
const scan = scanCodes(source)
const rungs = unionMembers(source, 'RungId')
const policies: readonly string[] = policyIds
const refusals = unionMembers(source, 'RefusalCode')
const all = new Set([...scan.codes.map(({ code }) => code), ...rungs, ...policies, ...refusals])

test('there are codes of every kind to examine', () => {
  for (const kind of [scan.codes, rungs, policies, refusals]) expect(kind.length).toBeGreaterThan(3)
})

test('no code is made where the scan cannot see it', () => {
  expect(scan.opaque).toEqual([])
})

test('every code, rung, policy and refusal has a page', () => {
  const missing = [...all]
    .filter((code) => !pages.has(code.toLowerCase()))
    .sort((a, b) => (a < b ? -1 : 1))
  expect(missing).toEqual([])
})

test('every page is about something that exists', () => {
  const known = new Set([...all].map((code) => code.toLowerCase()))
  expect([...pages.keys()].filter((code) => !known.has(code))).toEqual([])
})

test('every page says what, why and what to do, and nothing else', () => {
  const parts = ['What it says', 'Why it happens', 'What to do']
  const wrong = [...pages.values()].flatMap((page) => {
    const found = [...page.matchAll(/^\*\*(.+?)\.\*\* *(.*)$/gm)]
    const same = found.map((match) => match[1]).join() === parts.join()
    return same && found.every((match) => (match[2] ?? '').length > 10) ? [] : [page.split('\n')[0]]
  })
  expect(wrong).toEqual([])
})

test('a page is found in any case, and a near one is named as it is written', () => {
  expect(explainCode('run_failed')).toBe(explainCode('RUN_FAILED'))
  expect(hintFor('RUN_FAILD')).toContain('RUN_FAILED')
  expect(hintFor('slim-base-is-enogh')).toContain('slim-base-is-enough')
})

function hintFor(code: string): string | undefined {
  try {
    return explainCode(code)
  } catch (error) {
    return isFault(error) ? error.hint : undefined
  }
}
