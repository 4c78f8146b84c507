import { expect, test } from 'vitest'
import type { Json } from '../base/index.ts'
import { missReason, titleKey } from './miss-reason.ts'
import type { BuildStore } from './ports.ts'

const before = { op: 'run', argv: ['a'], env: ['A=1', 'B=2'], files: ['x'], parent: 'p' }

function reason(now: Json): string {
  const store = {
    preimage: (key) => (key === titleKey('RUN a') ? before : undefined),
  } satisfies Pick<BuildStore, 'preimage'>
  return missReason(store, 'RUN a', now)
}

test('the field that differs is named, what follows from an earlier step last', () => {
  expect(reason({ ...before, parent: 'q' })).toBe('the step or image below it changed')
  expect(reason({ ...before, files: ['y'], parent: 'q' })).toMatch(
    /^the files .*; the step or image/,
  )
  expect(reason({ ...before, argv: ['b'] })).toBe('argv was ["a"] and is ["b"]')
  expect(reason({ ...before, cwd: '/w' })).toBe('cwd was nothing and is "/w"')
})

test('variables are named without their values', () => {
  expect(reason({ ...before, env: ['A=9', 'C=secret', 'B=2'] })).toBe(
    'the environment differs in A, C',
  )
})

test('a first build and a lost layer are told apart', () => {
  expect(reason(before)).toBe('the record of the step, or its layer, is gone')
  const store = { preimage: () => undefined }
  expect(missReason(store, 'RUN b', before)).toBe('no step with this title was built before')
})
