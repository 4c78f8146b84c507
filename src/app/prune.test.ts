import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempStore } from '../../test/support/temp-store.ts'
import { silent } from '../base/index.ts'
import { readSettings } from '../config/index.ts'
import type { Store } from '../store/index.ts'
import { pruneImages, pruneStore } from './prune.ts'
import { openSession, type Session } from './session.ts'

type Image = { readonly name?: string; readonly age: number; readonly label: string }

async function make(store: Store, { name, age, label }: Image): Promise<string> {
  const draft = store.draftLayer()
  mkdirSync(join(draft.upper, 'srv'))
  writeFileSync(join(draft.upper, 'srv', label), String(age))
  const created = new Date(Date.now() - age * 3_600_000).toISOString()
  const config = { architecture: 'amd64', os: 'linux', config: { Labels: { is: label } } } as const
  const layers = [draft.publish().id]
  const image = await store.commitImage({ ...config, created, history: [] }, layers, {})
  if (name !== undefined) store.tag(name, image.id)
  return image.id
}

async function world(): Promise<{
  readonly session: Session
  readonly left: () => readonly string[]
}> {
  const store = tempStore()
  const labels = new Map([
    [await make(store, { age: 48, label: 'old' }), 'old'],
    [await make(store, { age: 1, label: 'young' }), 'young'],
    [await make(store, { name: 'a:1', age: 48, label: 'named' }), 'named'],
  ])
  const settings = readSettings({ root: store.root }, {})
  const session = openSession({ settings, emit: silent, signal: new AbortController().signal })
  const left = (): readonly string[] => store.images().map(({ id }) => labels.get(id) ?? id)
  return { session, left }
}

test.each([
  [false, [], ['named']],
  [true, [], []],
  [false, ['until=24h'], ['young', 'named']],
  [true, ['until=24h'], ['young']],
  [false, ['dangling=false', 'until=24h'], ['young']],
  [true, ['label=is=named'], ['young', 'old']],
  [false, ['label!=is=old'], ['old', 'named']],
  [false, ['until=72h'], ['young', 'old', 'named']],
] as const)('image prune, all %s, %j', async (all, filters, wanted) => {
  const { session, left } = await world()
  await pruneImages(session, { all, filters })
  await pruneStore(session, { steps: false, keepImages: filters.length > 0 })
  expect(new Set(left())).toEqual(new Set(wanted))
})

test('a filter that there is not', async () => {
  const { session } = await world()
  await expect(pruneImages(session, { all: true, filters: ['size=1'] })).rejects.toMatchObject({
    code: 'USAGE',
  })
})
