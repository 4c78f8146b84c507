import { expect, test } from 'vitest'
import type { Json } from '../base/index.ts'
import { keyDifferences, missReason } from './miss-reason.ts'

const before = { op: 'run', argv: ['a'], env: ['A=1', 'B=2'], files: ['x'], parent: 'p' }

const reason = (now: Json): string => missReason(before, now)

test('the field that differs is named, what follows from an earlier step last', () => {
  expect(reason({ ...before, parent: 'q' })).toBe('the step or image below it changed')
  expect(reason({ ...before, files: ['y'], parent: 'q' })).toMatch(
    /^the files .*; the step or image/,
  )
  expect(reason({ ...before, argv: ['b'] })).toBe('argv was ["a"] and is ["b"]')
  expect(reason({ ...before, cwd: '/w' })).toBe('cwd was nothing and is "/w"')
})

test('of mounts it is told whether the files changed or the mount', () => {
  const mount = (files: string, target = '/src'): Json => ({ type: 'bind', target, files })
  const was = { ...before, mounts: [mount('a')] }
  const says = (now: Json): string => missReason(was, { ...before, mounts: [now] })
  expect(says(mount('b'))).toBe('the files that it mounts at /src changed')
  expect(says(mount('a', '/other'))).toMatch(/^mounts was .*"\/src".* and is .*"\/other"/)
})

test('variables are named without their values', () => {
  expect(reason({ ...before, env: ['A=9', 'C=secret', 'B=2'] })).toBe(
    'the environment differs in A, C',
  )
})

test('a first build and a lost layer are told apart', () => {
  expect(reason(before)).toBe('the record of the step, or its layer, is gone')
  expect(missReason(undefined, before)).toBe('no step with this title was built before')
})

test('values of fields are there whole, but never those of variables', () => {
  const now = { ...before, argv: ['b'.repeat(200)], env: ['TOKEN=hunter2'] }
  expect(keyDifferences(before, now)).toEqual([
    expect.objectContaining({ field: 'argv', was: '["a"]', now: `["${'b'.repeat(200)}"]` }),
    expect.objectContaining({ field: 'env', was: null, now: null }),
  ])
  expect(JSON.stringify(keyDifferences(before, now))).not.toContain('hunter2')
})
