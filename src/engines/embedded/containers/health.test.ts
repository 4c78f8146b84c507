import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ContainerWorld,
  containerWorld,
  until,
} from '../../../../test/support/container-world.ts'
import type { StoredImage } from '../../../build/index.ts'
import type { Healthcheck } from '../../../image/index.ts'
import type { Health, RunOptions } from './index.ts'

let world: ContainerWorld
let image: StoredImage

const soon = { Interval: 20e6, Timeout: 10e9, Retries: 2 }

beforeAll(async () => {
  world = containerWorld()
  image = await world.image({
    Cmd: ['sleep', '1000'],
    Healthcheck: { ...soon, Test: ['CMD-SHELL', 'echo looked; test -e /well'] },
  })
})

afterAll(() => world.remove())

async function start(name: string, over: Partial<RunOptions> = {}): Promise<void> {
  await world.containers.runDetached({ image, reference: 'app', name, ...over })
}

function health(name: string): Health | null {
  return world.containers.inspect(name).health
}

function becomes(name: string, status: Health['status']): Promise<void> {
  return until(() => health(name)?.status === status)
}

async function inside(name: string, script: string): Promise<void> {
  const argv = ['sh', '-c', script]
  await world.containers.exec(name, { argv }, { stdin: 'ignore', output: () => {} })
}

test('starting, unhealthy after its retries, healthy at the first success, with the last five outputs', async () => {
  await start('changing')
  await becomes('changing', 'unhealthy')
  expect(health('changing')?.failingStreak).toBeGreaterThanOrEqual(2)
  await inside('changing', 'touch /well')
  await becomes('changing', 'healthy')
  expect(health('changing')).toMatchObject({ failingStreak: 0 })
  await until(() => health('changing')?.log.every(({ exitCode }) => exitCode === 0) ?? false)
  expect(health('changing')?.log).toHaveLength(5)
  expect(health('changing')?.log.at(-1)?.output).toBe('looked\n')
  await inside('changing', 'rm /well')
  await becomes('changing', 'unhealthy')
  await world.containers.stop('changing', { timeoutS: 0 })
  expect(world.containers.inspect('changing').state.status).toBe('exited')
})

test('failures of the start period do not count, a success ends it', async () => {
  const healthcheck: Healthcheck = { StartPeriod: 3600e9, StartInterval: 20e6 }
  await start('slow', { healthcheck })
  await until(() => health('slow')?.log.length === 5)
  expect(health('slow')).toMatchObject({ status: 'starting', failingStreak: 0 })
  await inside('slow', 'touch /well')
  await becomes('slow', 'healthy')
  await world.containers.remove('slow', { force: true })
})

test('a check that hangs is ended and says so', async () => {
  await start('stuck', {
    healthcheck: { Test: ['CMD', 'sleep', '2000'], Timeout: 50e6, Retries: 1 },
  })
  await becomes('stuck', 'unhealthy')
  expect(health('stuck')?.log.at(-1)).toMatchObject({
    exitCode: -1,
    output: 'Health check exceeded timeout (0.05s)',
  })
  await world.containers.remove('stuck', { force: true })
})

test('no check: none in the image, or switched off', async () => {
  await start('off', { healthcheck: null })
  await start('none', { healthcheck: { Test: ['NONE'] } })
  for (const name of ['off', 'none']) {
    expect(world.containers.inspect(name)).toMatchObject({
      health: null,
      spec: { healthcheck: null },
    })
    await world.containers.remove(name, { force: true })
  }
})
