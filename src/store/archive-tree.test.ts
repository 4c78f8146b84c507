import { expect, test } from 'vitest'
import { inPieces, type Member, tarOf, tempStore } from '../../test/support/temp-store.ts'
import { Fault } from '../base/index.ts'
import type { LayerId } from '../build/index.ts'
import { type FileTree, overlayTree, tarLayer } from '../image/index.ts'
import type { Store } from './index.ts'

/** Mulberry32: the same archives in every run. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Few names, so that members meet: files become directories and back, directories are left out or come late. */
function randomLayer(random: (below: number) => number): readonly Member[] {
  const parts = ['a', 'b', 'a.b']
  return Array.from({ length: 3 + random(12) }, () => {
    const above = Array.from({ length: random(3) }, () => parts[random(parts.length)])
    const leaf = parts[random(parts.length)] ?? ''
    const name = [...above, leaf].join('/')
    const turn = random(10)
    if (turn === 0) return { name: [...above, `.wh.${leaf}`].join('/') }
    if (turn === 1) return { name: [...above, '.wh..wh..opq'].join('/') }
    if (turn < 5) return { name, kind: 'dir', mode: 0o700 + random(8) }
    if (turn === 5) {
      const link = [random(2) === 0 ? '' : '..', parts[random(parts.length)]].join('/')
      return { name, kind: 'symlink', link, mode: 0o777 }
    }
    return { name, body: 'x'.repeat(random(2000)), mode: 0o600 + random(8) }
  })
}

/** Directories that no member makes have the time of whoever made them. */
function shown(tree: FileTree): readonly unknown[] {
  return [...tree.walk()].map(({ path, kind, mode, size, layer, link }) => ({
    ...{ path, kind, mode, size, layer, link },
    content: kind === 'file' ? Buffer.from(tree.read(path)).toString('latin1') : null,
    names: kind === 'dir' ? tree.readdir(path) : null,
  }))
}

test('layers read in their archives merge as they do when they are unpacked', async () => {
  const store = tempStore()
  const random = randomFrom(20261126)
  let compared = 0
  for (let round = 0; round < 350; round += 1) {
    const archives = Array.from({ length: 1 + random(3) }, () => tarOf(randomLayer(random)))
    const unpacked = await unpackAll(store, archives)
    if (!unpacked) continue
    compared += 1
    const views = archives.map(
      (bytes, index) =>
        tarLayer(
          { size: bytes.length, readAt: (from, length) => bytes.subarray(from, from + length) },
          index,
        ).view,
    )
    expect(shown(overlayTree(views)), `round ${round}`).toEqual(shown(store.tree(unpacked)))
  }
  expect(compared).toBeGreaterThan(50)
})

/** Undefined when one of them is refused: a member below what is a file by then. */
async function unpackAll(
  store: Store,
  archives: readonly Buffer[],
): Promise<readonly LayerId[] | undefined> {
  const ids: LayerId[] = []
  for (const bytes of archives)
    try {
      ids.push((await store.unpackLayer(inPieces(bytes), { mediaType: 'tar' })).id)
    } catch (error) {
      expect(error).toBeInstanceOf(Fault)
      return undefined
    }
  return ids
}

/** A layer whose one file is as deep as that. */
function deepLayer(directories: number): ReturnType<typeof tarLayer> {
  const bytes = tarOf([{ name: `${'d/'.repeat(directories)}f`, body: 'x' }])
  return tarLayer({
    size: bytes.length,
    readAt: (from, length) => bytes.subarray(from, from + length),
  })
}

test('a deep path is read, one that no tool could use is refused', () => {
  expect([...overlayTree([deepLayer(20_000).view]).walk()].length).toBe(20_002)
  expect(() => deepLayer(40_000)).toThrow(expect.objectContaining({ code: 'TAR_LIMIT' }))
})

test('a hard link whose target is named through a symbolic link of the layer', async () => {
  const store = tempStore()
  const bytes = tarOf([
    { name: 'usr/lib', kind: 'dir', mode: 0o755 },
    { name: 'lib', kind: 'symlink', link: 'usr/lib', mode: 0o777 },
    { name: 'lib/a', body: 'x' },
    { name: 'lib/b', kind: 'hardlink', link: 'lib/a' },
  ])
  const { id } = await store.unpackLayer(inPieces(bytes), { mediaType: 'tar' })
  const { view } = tarLayer({
    size: bytes.length,
    readAt: (from, length) => bytes.subarray(from, from + length),
  })
  expect(shown(overlayTree([view]))).toEqual(shown(store.tree([id])))
})
