import { Fault, isFault } from '../base/index.ts'
import type { Digest } from '../image/index.ts'
import { chosenBool, type Filters, hasLabels, momentOf, parseFilters } from './filters.ts'
import type { Session } from './session.ts'

/** Docker's `--filter`s of `prune`: those made before a moment, with these labels, without those. */
const pruneFilters = ['until', 'label', 'label!'] as const

/** @throws Fault USAGE */
function pruneTest(
  filters: Filters,
): (made: string | null, labels: Readonly<Record<string, string>> | undefined) => boolean {
  const now = Date.now()
  const limits = (filters.get('until') ?? []).map((text) => momentOf(text, now))
  return (made, labels) =>
    limits.every((limit) => ((made && Date.parse(made)) || 0) < limit) && hasLabels(filters, labels)
}

/**
 * Ended containers, and with them the volumes that nobody has a name for.
 * @returns their IDs
 * @throws Fault USAGE
 */
export async function pruneContainers(
  session: Session,
  filters: readonly string[] = [],
): Promise<readonly string[]> {
  const { containers } = await session.engine()
  const matches = pruneTest(parseFilters(filters, pruneFilters))
  const ended = containers
    .list()
    .filter(({ spec, state }) => state.status === 'exited' && matches(spec.created, spec.labels))
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

/**
 * Images without a name, or with `all` (which is Docker's `dangling=false`) every image that no container was made from.
 * @returns their IDs
 * @throws Fault USAGE
 */
export async function pruneImages(
  session: Session,
  { all, filters = [] }: { readonly all: boolean; readonly filters?: readonly string[] },
): Promise<readonly string[]> {
  const { store } = session
  const { containers } = await session.engine()
  const used = new Set(containers.list().map(({ spec }) => spec.image.id))
  const wanted = parseFilters(filters, [...pruneFilters, 'dangling'])
  const matches = pruneTest(wanted)
  const named = all || chosenBool(wanted, 'dangling') === false
  const free = store
    .images()
    .filter(({ id, tags }) => !used.has(id) && (named || tags.length === 0))
    .filter(({ created, config }) => matches(created, config.config.Labels))
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

/**
 * What nothing reaches; what a container was made from stays, and with `keepImages` every image that is left, named or
 * not. @returns bytes freed
 */
export async function pruneStore(
  session: Session,
  { steps, keepImages = false }: { readonly steps: boolean; readonly keepImages?: boolean },
): Promise<{ readonly bytes: number }> {
  const { store } = session
  const left = keepImages ? store.images().map(({ id }) => id) : []
  return store.prune({ steps, keep: [...(await imagesOfContainers(session)).keys(), ...left] })
}

/**
 * `rmi`: as Docker, an image that a container was made from is not deleted; with `force` it only loses its names.
 * @throws Fault IMAGE_IN_USE, IMAGE_NOT_FOUND, IMAGE_TAGGED
 */
export async function removeImage(
  session: Session,
  name: string,
  { force }: { readonly force: boolean },
): Promise<{ readonly untagged: readonly string[]; readonly deleted: readonly Digest[] }> {
  const { store } = session
  const image = store.images().find(({ id }) => id === store.findImage(name)?.id)
  const user = image && (await imagesOfContainers(session)).get(image.id)
  const byName = image?.tags.includes(name) || image?.tags.includes(`${name}:latest`)
  if (!image || user === undefined || (byName && image.tags.length > 1))
    return store.removeImage(name, { force })
  if (!force)
    throw new Fault('IMAGE_IN_USE', `image ${name} is used by container ${user}`, {
      hint: `remove the container first (jettison rm ${user}), or only the image's names with --force`,
    })
  return { untagged: image.tags.filter((tag) => store.untag(tag)), deleted: [] }
}

/** The name of a container for each image that has one. */
async function imagesOfContainers(session: Session): Promise<ReadonlyMap<Digest, string>> {
  const { containers } = await session.engine()
  return new Map(containers.list().map(({ spec }) => [spec.image.id, spec.name]))
}
