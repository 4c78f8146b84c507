import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { byCodeUnit } from '../image/index.ts'
import { openStore, type Store } from '../store/index.ts'
import { listImages } from './list-images.ts'

let store: Store

type Image = {
  readonly names: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** Minutes before now. */
  readonly age: number
}

async function make({ names, labels, age }: Image): Promise<void> {
  const draft = store.draftLayer()
  mkdirSync(join(draft.upper, 'srv'))
  writeFileSync(join(draft.upper, 'srv', 'age'), String(age))
  const created = new Date(Date.now() - age * 60_000).toISOString()
  const config = { architecture: 'amd64', os: 'linux', config: { Labels: labels } } as const
  const layers = [draft.publish().id]
  const image = await store.commitImage({ ...config, created, history: [] }, layers, {})
  for (const name of names) store.tag(name, image.id)
}

beforeAll(async () => {
  store = openStore(mkdtempSync(join(tmpdir(), 'jettison-list-images-')))
  const first = { names: ['local/app:1', 'local/app:2', 'other:latest'], age: 30 }
  await make({ ...first, labels: { a: 'b', 'x.y': 'z' } })
  await make({ names: [], labels: { a: 'c' }, age: 20 })
  await make({ names: ['newer:latest'], labels: { a: 'c', q: '1' }, age: 10 })
})

afterAll(() => {
  rmSync(store.root, { recursive: true, force: true })
})

const nameless = '<none>:<none>'
const app = ['local/app:1', 'local/app:2', 'other:latest']

/** What Docker Engine 20.10 listed for the same images; `until` and `label!` are of later ones. */
test.each<{ args: readonly string[]; wanted?: string; rows: readonly string[] }>([
  { args: [], rows: [nameless, ...app, 'newer:latest'] },
  { args: ['dangling=true'], rows: [nameless] },
  { args: ['dangling=false', 'label=a'], rows: [...app, 'newer:latest'] },
  { args: ['Label=a=b', 'label=x.y=z'], rows: app },
  { args: ['label=a=b', 'label=q'], rows: [] },
  { args: ['label='], rows: [] },
  { args: ['reference=local/*'], rows: ['local/app:1', 'local/app:2'] },
  { args: ['reference=*:latest'], rows: ['other:latest', 'newer:latest'] },
  { args: ['reference=*'], rows: ['other:latest', 'newer:latest'] },
  { args: ['reference=other', 'reference=newer'], rows: ['other:latest', 'newer:latest'] },
  { args: ['reference=newer'], wanted: 'other', rows: ['other:latest', 'newer:latest'] },
  { args: [], wanted: 'local/app:*', rows: ['local/app:1', 'local/app:2'] },
  { args: [], wanted: 'local/app:2', rows: ['local/app:2'] },
  { args: [], wanted: 'o?her', rows: ['other:latest'] },
  { args: [], wanted: 'local', rows: [] },
  { args: ['before=newer'], rows: [nameless, ...app] },
  { args: ['since=other'], rows: [nameless, 'newer:latest'] },
  { args: ['since=other', 'before=newer'], rows: [nameless] },
  { args: ['until=15m'], rows: [nameless, ...app] },
  { args: ['until=0h25m'], rows: app },
])('$args $wanted', ({ args, wanted, rows }) => {
  const listed = listImages({ store }, wanted, args)
  const names = listed.map(({ repository, tag }) => `${repository}:${tag}`)
  expect([...names].sort(byCodeUnit)).toEqual([...rows].sort(byCodeUnit))
})

test.each([
  ['foo=bar', 'USAGE', /dangling, label/],
  ['dangling', 'USAGE', /dangling, label/],
  ['dangling=maybe', 'USAGE', /true, false/],
  ['before=nothere', 'IMAGE_NOT_FOUND', /image ls/],
  ['reference=[', 'GLOB_INVALID', /bracket/],
  ['until=soon', 'USAGE', /how long ago/],
  ['until=1h10', 'USAGE', /how long ago/],
])('%s is refused', (filter, code, hint) => {
  expect(() => listImages({ store }, undefined, [filter])).toThrow(
    expect.objectContaining({ code, hint: expect.stringMatching(hint) }),
  )
})
