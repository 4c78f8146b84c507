import { isFault } from '../base/index.ts'
import type { Session } from './session.ts'

/** Ended containers, and with them the volumes that nobody has a name for. @returns their IDs */
export async function pruneContainers(session: Session): Promise<readonly string[]> {
  const { containers } = await session.engine()
  const ended = containers.list().filter(({ state }) => state.status === 'exited')
  for (const { spec } of ended) await containers.remove(spec.id, { force: false, volumes: true })
  return ended.map(({ spec }) => spec.id)
}

/** Volumes that no container mounts; those with a name only when `all`. @returns their names */
export async function pruneVolumes(
  session: Session,
  { all }: { readonly all: boolean },
): Promise<readonly string[]> {
  const { containers } = await session.engine()
  const free = containers
    .volumes()
    .filter((volume) => volume.users.length === 0 && (all || volume.anonymous))
  for (const { name } of free) containers.removeVolume(name)
  return free.map(({ name }) => name)
}

/** Images without a name, or with `all` every image that no container was made from. @returns their IDs */
export async function pruneImages(
  session: Session,
  { all }: { readonly all: boolean },
): Promise<readonly string[]> {
  const { store } = session
  const { containers } = await session.engine()
  const used = new Set(containers.list().map(({ spec }) => spec.image.id))
  const free = store.images().filter(({ id, tags }) => !used.has(id) && (all || tags.length === 0))
  const removed: string[] = []
  for (const { id } of free) {
    try {
      removed.push(...store.removeImage(id, { force: true }).deleted)
    } catch (error) {
      // Another process was quicker.
      if (!isFault(error) || error.code !== 'IMAGE_NOT_FOUND') throw error
    }
  }
  return removed
}
