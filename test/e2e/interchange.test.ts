import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { smallApp } from '../interchange/small-app.ts'
import { trips } from '../interchange/trips.ts'
import { openWorld, type Traveller, type World } from '../interchange/world.ts'
import { bundleChanges } from '../support/bases.ts'
import { leftovers } from '../support/jettison.ts'

let world: World
let traveller: Traveller
let close: () => Promise<void> = async () => {}

beforeAll(async () => {
  bundleChanges()
  world = await openWorld(join(homedir(), '.cache/jettison'))
  close = world.close
  traveller = await smallApp(world.jettison, world.home, 'travels/small:1')
})

afterAll(() => close())

test('the app answers at home', () => {
  expect(traveller.answer).toContain('"status":200')
  expect(traveller.answer).toContain('healthy')
  expect(traveller.answer.split('\n').map((line) => JSON.parse(line).status)).toEqual([
    200, 200, 404, 404, 200,
  ])
})

test.each(trips.filter(({ often }) => often).map((trip) => [trip.name, trip] as const))(
  '%s',
  async (_, trip) => {
    expect(await trip.go(world, traveller)).toEqual([])
  },
)

test('what the Docker Engine has of an image is not sent again', async () => {
  const { jettison, docker } = world
  const env = { DOCKER_HOST: docker.socket }
  await jettison.ok(['build', '-q', '--load', '-t', 'first:1', join(world.home, 'small-app')], {
    env,
  })
  const second = await jettison.run(
    ['build', '--progress=plain', '--load', '-t', 'second:1', join(world.home, 'small-app')],
    { env },
  )
  expect(second.stderr).toMatch(/: 0 of \d+ layers sent/)
  await docker.run(['rmi', '-f', 'first:1', 'second:1'])
})

test('nothing is left of it', async () => {
  expect(leftovers(world.jettison.store)).toEqual([])
})
