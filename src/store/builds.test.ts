import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { tempStore } from '../../test/support/temp-store.ts'
import { sha256 } from '../image/index.ts'
import type { BuildAccount } from './types.ts'

const account = (tag: string): BuildAccount => ({
  ...{ dockerfile: '/d', target: null, tags: [tag], started: '2026-01-01T00:00:00Z', image: null },
  steps: [
    {
      ...{
        label: '[2/2]',
        title: 'RUN a',
        file: 'Dockerfile',
        line: 2,
        cached: false,
        reuse: true,
      },
      ...{ key: sha256('k'), preimage: { op: 'run' }, before: null },
    },
  ],
})

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

test('builds are remembered, newest first, and only the last forty', async () => {
  const store = tempStore()
  expect([...store.builds()]).toEqual([])
  for (let at = 0; at < 45; at++) {
    store.putBuild(account(`${at}`))
    await sleep(2)
  }
  const all = [...store.builds()]
  expect(all[0]).toEqual(account('44'))
  expect(all.map(({ tags }) => tags[0])).toEqual(
    Array.from({ length: 40 }, (_, at) => `${44 - at}`),
  )
})

test('a torn record is none, and one with a path for a layer is refused', () => {
  const store = tempStore()
  store.putBuild(account('a'))
  const [name = ''] = readdirSync(join(store.root, 'builds'))
  const path = join(store.root, 'builds', name)
  const [step] = account('a').steps
  const before = { preimage: {}, layer: '../../etc' }
  writeFileSync(path, JSON.stringify({ version: 1, ...account('a'), steps: [{ ...step, before }] }))
  expect(() => [...store.builds()]).toThrow(expect.objectContaining({ code: 'LAYER_ID_INVALID' }))
  writeFileSync(path, '{"version":1,')
  expect([...store.builds()]).toEqual([])
})

test('an account that is too old goes without a program being started for it', () => {
  const store = tempStore()
  for (let at = 0; at < 41; at++) store.putBuild(account(`${at}`))
  const trash = (): readonly string[] => readdirSync(join(store.root, 'trash'))
  expect(trash()).toHaveLength(1)
  vi.stubEnv('PATH', '')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  expect(store.emptyTrash().bytes).toBeGreaterThan(0)
  expect(trash()).toEqual([])
  store.workspace('').remove()
  expect(() => store.emptyTrash()).toThrow(expect.objectContaining({ code: 'STORE_IO' }))
})
