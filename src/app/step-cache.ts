import { resolve } from 'node:path'
import { isFault } from '../base/index.ts'
import {
  type AbsentLayer,
  absentName,
  type BuildResult,
  type LayerId,
  type MadeStep,
  type StepCache,
  type StepIo,
} from '../build/index.ts'
import type { Digest } from '../image/index.ts'
import type { CacheDocument, OpenCache } from '../registry/index.ts'
import type { CacheSource, CacheTarget } from './cache-spec.ts'
import type { Session } from './session.ts'

export type ImportedCaches = StepCache & { close(): void }

/**
 * Opens the caches that `--cache-from` names. One that cannot be opened, and a layer that cannot be fetched, is a
 * warning: the build makes the steps itself. Nothing is fetched before a step needs it.
 */
export async function importCaches(
  session: Session,
  sources: readonly CacheSource[],
  cwd: string,
): Promise<ImportedCaches> {
  const opened: OpenCache[] = []
  const warn = (what: string, error: unknown): void => {
    session.signal.throwIfAborted()
    if (!isFault(error)) throw error
    const message = `${what}: ${error.message}`
    session.emit({ kind: 'notice', level: 'warning', code: 'CACHE_UNUSABLE', message })
  }
  for (const source of sources)
    try {
      opened.push(await open(session, source, cwd))
    } catch (error) {
      warn(source.type === 'registry' ? source.ref : source.dir, error)
    }
  const places = opened.map((cache) => ({ cache, records: byKey(cache) }))
  return {
    find: async (key, io) => {
      const found = places.flatMap(({ cache, records }) => {
        const record = records.get(key)
        return record ? [{ cache, record }] : []
      })
      for (const [at, { cache, record }] of found.entries()) {
        const absent = absentLayer(session, cache, record.layer)
        const { chain, created } = record
        if (absent) {
          // What the first one cannot give, perhaps the next one can.
          const fetch: AbsentLayer['fetch'] = (now) => fetchFirst(found.slice(at), now, warn)
          return { layer: absent.id, chain, created, absent: { ...absent, fetch } }
        }
        try {
          return { layer: (await cache.fetch(record.layer, io.signal)).id, chain, created }
        } catch (error) {
          warn(io.step, error)
        }
      }
      return undefined
    },
    fillMount: async (id, io) => {
      const found = opened.flatMap((cache) => {
        const mount = cache.mounts?.find((one) => one.id === id)
        return mount ? [{ cache, layer: mount.layer }] : []
      })
      const [first] = found
      if (!first) return
      try {
        const { fillCacheMount, isEmptyCacheMount } = await import('../engines/index.ts')
        if (!isEmptyCacheMount(session.store, id)) return
        const layer = await first.cache.fetch(first.layer, io.signal)
        await fillCacheMount(session.store, id, layer.id, io.signal)
      } catch (error) {
        warn(`cache mount ${id.split('|', 1)[0] ?? ''}`, error)
      }
    },
    close: () => {
      for (const cache of opened) cache.close()
    },
  }
}

type CacheRecord = CacheDocument['records'][number]

function byKey(cache: OpenCache): ReadonlyMap<Digest, CacheRecord> {
  return new Map(cache.records.flatMap((record) => record.keys.map((key) => [key, record])))
}

async function open(session: Session, source: CacheSource, cwd: string): Promise<OpenCache> {
  const { openCacheLayout, openRegistryCache } = await import('../registry/index.ts')
  const { store, emit, signal } = session
  if (source.type === 'local') return openCacheLayout(resolve(cwd, source.dir), source, store)
  const { registrySettings } = await import('./registry-settings.ts')
  const settings = registrySettings(session)
  return openRegistryCache(source.ref, { store, emit, signal, settings })
}

/** A layer that a registry has and the store has not; what lies in a folder is taken at once. */
function absentLayer(
  { store }: Session,
  { place, layers, archives }: OpenCache,
  layer: number,
): Omit<AbsentLayer, 'fetch'> | undefined {
  const [diffId, archive] = [layers[layer], archives[layer]]
  if (place === null || !diffId || !archive || store.layerByDiffId(diffId)) return undefined
  return { id: absentName(diffId), diffId, archive, place }
}

/** @throws Fault of the last that was asked; the others are warnings */
async function fetchFirst(
  places: readonly { readonly cache: OpenCache; readonly record: CacheRecord }[],
  io: StepIo,
  warn: (what: string, error: unknown) => void,
): Promise<LayerId> {
  let failure: unknown
  for (const { cache, record } of places)
    try {
      return (await cache.fetch(record.layer, io.signal)).id
    } catch (error) {
      warn(io.step, error)
      failure = error
    }
  throw failure
}

type CachedResult = Pick<BuildResult, 'image' | 'absent' | 'steps' | 'cacheMounts'>

/** Leaves the steps of a build where `--cache-to` says. @throws what a push throws, unless `ignore-error` */
export async function exportCaches(
  session: Session,
  result: CachedResult,
  targets: readonly CacheTarget[],
  cwd: string,
): Promise<void> {
  for (const target of targets)
    try {
      await exportCache(session, result, target, cwd)
    } catch (error) {
      if (!target.ignoreError || !isFault(error)) throw error
      const message = `--cache-to: ${error.message}`
      session.emit({ kind: 'notice', level: 'warning', code: 'CACHE_UNUSABLE', message })
    }
}

async function exportCache(
  session: Session,
  result: CachedResult,
  { place, mode, compression, ...target }: CacheTarget,
  cwd: string,
): Promise<void> {
  // Within the image, where the build itself has written it.
  if (place.type === 'inline') return
  const { pushCache, writeCacheLayout } = await import('../registry/index.ts')
  const { signal, emit } = session
  const { image, steps, cacheMounts } = result
  const { resultStore } = await import('./absent-push.ts')
  const store = resultStore(session.store, result, { step: 'cache', emit, signal })
  const wanted = mode === 'max' ? steps : steps.filter(({ layer }) => image.layers.includes(layer))
  const mounts = target.mounts ? await mountLayers(session, cacheMounts) : []
  const layers = [...new Set([...wanted, ...mounts].map(({ layer }) => layer))]
  const diffIds: Digest[] = []
  for (const id of layers) diffIds.push(await store.diffId(id, { signal }))
  const document = {
    ...documentOf(wanted, layers, diffIds),
    ...(mounts.length > 0
      ? { mounts: mounts.map(({ id, layer }) => ({ id, layer: layers.indexOf(layer) })) }
      : {}),
  }
  const where = place.type === 'local' ? place.dir : place.ref
  emit({ kind: 'phase', name: 'cache', detail: `${where}: ${wanted.length} steps` })
  if (place.type === 'registry') {
    const { registrySettings } = await import('./registry-settings.ts')
    const settings = registrySettings(session)
    await pushCache(place.ref, document, layers, { store, signal, emit, settings, compression })
    return
  }
  const dir = resolve(cwd, place.dir)
  await writeCacheLayout(dir, place.tag, { document, layers, store, compression, signal })
}

async function mountLayers(
  { store, signal }: Session,
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly layer: LayerId }[]> {
  const { cacheMountLayer } = await import('../engines/index.ts')
  const found: { id: string; layer: LayerId }[] = []
  for (const id of ids) {
    const layer = await cacheMountLayer(store, id, signal)
    if (layer !== null) found.push({ id, layer })
  }
  return found
}

function documentOf(
  steps: readonly MadeStep[],
  layers: readonly LayerId[],
  diffIds: readonly Digest[],
): CacheDocument {
  return {
    version: 1,
    layers: diffIds,
    records: steps.map(({ keys, chain, created, layer }) => ({
      ...{ keys, chain, created },
      layer: layers.indexOf(layer),
    })),
  }
}
