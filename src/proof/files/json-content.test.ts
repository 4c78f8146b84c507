import { expect, test } from 'vitest'
import { memoryTree } from '../../../test/support/memory-tree.ts'
import { sameJson } from './json-content.ts'

function same(path: string, left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) => {
    const tree = memoryTree([{ [path]: text }])
    const entry = tree.lookup(path)
    if (!entry) throw new Error(`${path} is not there`)
    return { tree, entry }
  })
  if (!a || !b) throw new Error('no files')
  return sameJson(a, b)
}

const manifest = '/app/.next/standalone/.next/prerender-manifest.json'
const key = (digit: string): string => `{"preview":{"previewModeId":"${digit.repeat(32)}"}}`

test('the order of members has no meaning, that of a list has', () => {
  expect(same('/app/a.json', '{"a":1,"b":[1,2]}', '{ "b": [1,2], "a": 1 }')).toBe(true)
  expect(same('/app/a.json', '{"a":[1,2]}', '{"a":[2,1]}')).toBe(false)
  expect(same('/app/a.json', '{"a":1}', '{"a":2}')).toBe(false)
  expect(same('/app/a.txt', '{"a":1,"b":2}', '{"b":2,"a":1}')).toBe(false)
  expect(same('/app/a.json', '{"a":1,', '{"a":1,')).toBe(false)
})

test('numbers that a double does not hold are compared as text', () => {
  expect(same('/app/a.json', '{"a":9007199254740993}', '{"a":9007199254740992}')).toBe(false)
})

test('keys that a build makes for itself differ in manifests of Next.js only', () => {
  expect(same(manifest, key('a'), key('b'))).toBe(true)
  expect(same('/app/settings.json', key('a'), key('b'))).toBe(false)
  expect(same(manifest, key('a'), '{"preview":{}}')).toBe(false)
  expect(same(manifest, key('a'), '{"preview":{"previewModeId":"short"}}')).toBe(false)
})
