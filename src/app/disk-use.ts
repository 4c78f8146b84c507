import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LayerId } from '../build/index.ts'
import type { Session } from './session.ts'

/** A row of `system df`: sizes in bytes. */
export type DiskUse = {
  readonly type: 'Images' | 'Containers' | 'Local Volumes'
  readonly total: number
  readonly active: number
  readonly size: number
  readonly reclaimable: number
}

/** What images, containers and volumes take; a layer that several images share counts once. */
export async function diskUse(session: Session): Promise<readonly DiskUse[]> {
  const { store } = session
  const { containers } = await session.engine()
  const all = containers.list()
  const used = new Set(all.map(({ spec }) => spec.image.id))
  const images = store.images()
  const layersOf = (ids: readonly string[]): Set<LayerId> =>
    new Set(ids.flatMap((id) => [...(store.findImage(id)?.layers ?? [])]))
  const sum = (layers: Iterable<LayerId>): number =>
    [...layers].reduce((total, id) => total + store.layer(id).size, 0)
  const every = layersOf(images.map(({ id }) => id))
  const kept = layersOf([...used])
  const sizes = all.map(({ spec, state }) => ({
    size: treeSize(join(store.root, 'containers', spec.id, 'upper')),
    free: state.status === 'exited',
  }))
  const volumes = containers.volumes().map((volume) => ({
    size: treeSize(volume.mountpoint),
    free: volume.users.length === 0,
  }))
  return [
    {
      type: 'Images',
      total: images.length,
      active: images.filter(({ id }) => used.has(id)).length,
      size: sum(every),
      reclaimable: sum([...every].filter((id) => !kept.has(id))),
    },
    row('Containers', sizes),
    row('Local Volumes', volumes),
  ]
}

/** What a container wrote, and its image below that: bytes. */
export async function containerBytes(
  session: Session,
  id: string,
): Promise<{ readonly written: number; readonly image: number }> {
  const { store } = session
  const { containers } = await session.engine()
  const { layers } = containers.inspect(id).spec
  return {
    written: treeSize(join(store.root, 'containers', id, 'upper')),
    image: layers.reduce((sum, layer) => sum + store.layer(layer).size, 0),
  }
}

function row(
  type: DiskUse['type'],
  things: readonly { readonly size: number; readonly free: boolean }[],
): DiskUse {
  const total = (list: typeof things): number => list.reduce((sum, { size }) => sum + size, 0)
  const free = things.filter((thing) => thing.free)
  return {
    type,
    total: things.length,
    active: things.length - free.length,
    size: total(things),
    reclaimable: total(free),
  }
}

/** Bytes of the regular files below a directory; no link is followed. */
function treeSize(dir: string): number {
  try {
    return readdirSync(dir).reduce((sum, name) => {
      const path = join(dir, name)
      const stats = lstatSync(path)
      return sum + (stats.isDirectory() ? treeSize(path) : stats.isFile() ? stats.size : 0)
    }, 0)
  } catch {
    // A running app removes files while we look.
    return 0
  }
}
