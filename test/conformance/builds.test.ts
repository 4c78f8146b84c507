import { randomInt } from 'node:crypto'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BaseArchive, baseArchives } from './bases/bases.ts'
import { cases } from './cases/index.ts'
import { startJettison } from './engines/jettison.ts'
import type { Engine } from './engines/types.ts'
import { runCases } from './suites/cases.ts'

// A sample of the builds: `npm run conformance` is the full measure, against BuildKit itself.
const size = 12
const seed = randomInt(1_000_000)
const root = process.getuid?.() === 0

/** Cases in an order that the seed decides (a linear congruential generator). */
function sample(): typeof cases {
  let state = seed
  const keyed = cases.map((item) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return { item, key: state }
  })
  return keyed
    .sort((a, b) => a.key - b.key)
    .slice(0, size)
    .map(({ item }) => item)
}

describe.skipIf(!root)(`builds, seed ${seed} (skipped: not root)`, () => {
  let ours: Engine
  let bases: readonly BaseArchive[]
  beforeAll(async () => {
    bases = baseArchives(['busybox', 'alpine'])
    ours = await startJettison(bases, resolve('bin/jettison'))
  })
  afterAll(() => ours.close())

  test.each(sample())('$name', async (item) => {
    const { differ } = await runCases([item], { bases, ours, oracle: null })
    expect(differ).toEqual([])
  })
})

test('the cases are what the measure asks for', () => {
  expect(cases.length).toBeGreaterThanOrEqual(80)
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
})
