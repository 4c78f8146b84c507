import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseDockerfile, stagesOf } from '../src/dockerfile/index.ts'

/** Written by `npm run examples -- --update`, which builds and proves what they say. */
const goldens = join(import.meta.dirname, 'golden/examples')
const examples = join(import.meta.dirname, '../examples')
const names = readdirSync(goldens)

test('there are goldens of many examples', () => {
  expect(names.length).toBeGreaterThanOrEqual(10)
})

describe.each(names)('%s', (name) => {
  const text = (file: string): string | undefined =>
    existsSync(join(goldens, name, file))
      ? readFileSync(join(goldens, name, file), 'utf8')
      : undefined

  test('is about the Dockerfile of the example', () => {
    expect(text('before.Dockerfile')).toBe(readFileSync(dockerfileOf(name), 'utf8'))
  })

  const after = text('after.Dockerfile')
  test.skipIf(after === undefined)('builds in one stage and runs in another', () => {
    const before = text('before.Dockerfile') ?? ''
    const { value, diagnostics } = parseDockerfile(after ?? '')
    expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([])
    expect(stagesOf(value).stages.length).toBeGreaterThanOrEqual(2)
    const comments = before.split('\n').filter((line) => /^\s*#(?! syntax=)/.test(line))
    for (const comment of comments) expect(after).toContain(comment)
  })

  test('ends as the example says', () => {
    const refusal = settingsOf(name).refusal
    expect(text('refusal.txt')?.trim()).toBe(refusal)
  })
})

type Settings = { readonly context?: string; readonly file?: string; readonly refusal?: string }

function settingsOf(name: string): Settings {
  const path = join(examples, name, 'example.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Settings) : {}
}

function dockerfileOf(name: string): string {
  const { context = '.', file = 'Dockerfile' } = settingsOf(name)
  return join(examples, name, context, file)
}
