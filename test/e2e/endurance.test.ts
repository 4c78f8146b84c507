import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { killRandomly } from '../endurance/kills.ts'
import { workSideBySide } from '../endurance/parallel.ts'
import { freshContext, makeWorld, type World } from '../endurance/world.ts'
import { bundleChanges } from '../support/bases.ts'

// A sample of what `npm run endurance` does at length; `-- --seed N` repeats it.
const seed = randomInt(2 ** 31)

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

test('prune has its effect beside a running container, which keeps what it runs on', async () => {
  const { cli, folder } = world
  await cli.ok(['run', '-d', '--name', 'lasting', '--network', 'none', 'kept:1', 'sleep', '1000'])
  await cli.ok(['build', '-t', 'passing:1', freshContext(join(folder, 'passing'), 'passing\n')])
  await cli.ok(['rmi', 'passing:1'])
  const { bytes } = JSON.parse(await cli.ok(['prune', '-a', '--json'])) as { bytes: number }
  expect(bytes).toBeGreaterThan(200 * 512)
  expect(await cli.ok(['exec', 'lasting', 'cat', '/many/1'])).toBe('kept:1 1\n')
  await cli.ok(['rm', '-f', 'lasting'])
})

test(`many processes on one store do not hurt each other (seed ${seed})`, async () => {
  const { commands, faults } = await workSideBySide(world, { workers: 6, tasks: 2, seed })
  expect(faults).toEqual([])
  expect(commands['build']).toBeGreaterThanOrEqual(12)
})
