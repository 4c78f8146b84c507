import { afterAll, beforeAll, expect, test } from 'vitest'
import { killRandomly } from '../endurance/kills.ts'
import { workSideBySide } from '../endurance/parallel.ts'
import { makeWorld, type World } from '../endurance/world.ts'
import { bundleChanges } from '../support/bases.ts'

// A sample of what `npm run endurance` does at length. JETTISON_SEED repeats it.
const seed = Number(process.env['JETTISON_SEED'] ?? Date.now() % 2 ** 31)

let world: World

beforeAll(async () => {
  bundleChanges()
  world = await makeWorld()
})

afterAll(() => world.close())

test(`kill -9 at random moments leaves a whole store (seed ${seed})`, async () => {
  const { commands, faults } = await killRandomly(world, { rounds: 6, seed })
  expect(faults).toEqual([])
  expect(Object.values(commands).some(({ killed }) => killed > 0)).toBe(true)
})

test(`many processes on one store do not hurt each other (seed ${seed})`, async () => {
  const { commands, faults } = await workSideBySide(world, { workers: 6, tasks: 2, seed })
  expect(faults).toEqual([])
  expect(commands['build']).toBeGreaterThanOrEqual(12)
})
