import { type ByteStream, type EventSink, isFault } from '../base/index.ts'
import type { LayerId } from '../build/index.ts'
import type { Annotations, Descriptor } from '../image/index.ts'
import { inParallel, oneAtATime } from './parallel.ts'
import type { Session } from './session.ts'
import type { Compression, PushStore, RegistrySettings } from './types.ts'
import { mountBlob, sendGrowing } from './upload.ts'
import { hasBlob } from './upload-requests.ts'

const parallelLayers = 4

export type PushOptions = {
  readonly store: PushStore
  readonly emit: EventSink
  readonly compression?: Compression
  readonly signal?: AbortSignal | undefined
  readonly settings?: RegistrySettings
  /** Of the manifest. */
  readonly annotations?: Annotations | undefined
}

type Archive = Awaited<ReturnType<PushStore['startPacking']>>

const asTheyCame: Compression = { algorithm: null, level: null }

/** Repositories of the registry that are known to have the layer's archive. */
export async function mountable(
  id: LayerId,
  registry: string,
  { store, compression = asTheyCame }: PushOptions,
): Promise<readonly string[]> {
  const known = await store.knownPacked(id, compression)
  const places = known ? store.layerPlaces(id, known.digest) : []
  return places
    .filter((place) => place.startsWith(`${registry}/`))
    .map((place) => place.slice(registry.length + 1))
}

/** Each layer once, whatever is missing of it. @returns descriptors in the order of the layers */
export async function pushLayers(
  session: Session,
  layers: readonly LayerId[],
  options: PushOptions,
): Promise<readonly Descriptor[]> {
  const done = new Map<LayerId, Descriptor>()
  const inTurn = oneAtATime()
  await inParallel([...new Set(layers)], parallelLayers, options.signal, async (id, signal) => {
    const packed = await pushLayer(session, id, inTurn, { ...options, signal })
    options.store.noteLayerPlace(id, packed.digest, `${session.registry}/${session.repository}`)
    done.set(id, packed)
  })
  return layers.map((id) => done.get(id) as Descriptor)
}

type InTurn = <T>(work: () => Promise<T>) => Promise<T>

/** One layer at a time is compressed, on all cores, and sent meanwhile; several are on their way. */
async function pushLayer(
  session: Session,
  id: LayerId,
  inTurn: InTurn,
  options: PushOptions,
): Promise<Descriptor> {
  const { store, compression = asTheyCame } = options
  const known = await store.knownPacked(id, compression)
  if (known && (await isThere(session, id, known, options))) return known
  const stop = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
  const archive = await begun(id, inTurn, { ...options, signal })
  const { open, end } = shown(id, archive, options.emit)
  try {
    const packed = await sendGrowing(session, archive, { open, signal, missing: known?.digest })
    await archive.made
    end(packed.size)
    return packed
  } catch (error) {
    stop.abort(error)
    await archive.made.catch(() => {})
    throw error
  } finally {
    archive.close()
  }
}

/** Begins the archive when it is its turn; the next one's comes when this one is written. */
function begun(id: LayerId, inTurn: InTurn, options: PushOptions): Promise<Archive> {
  const { store, signal, emit, compression = asTheyCame } = options
  const what = `compressing ${id.slice(0, 12)}`
  const onBytes = rarely((done) => emit({ kind: 'transfer', what, done, total: null }))
  return new Promise((resolve, reject) => {
    inTurn(async () => {
      const archive = await store.startPacking(id, compression, { signal, onBytes })
      resolve(archive)
      await archive.written
    }).catch(reject)
  })
}

/** The archive's bytes, told of as they are sent. */
function shown(
  id: LayerId,
  archive: Archive,
  emit: EventSink,
): { open(start: number): ByteStream; end(size: number): void } {
  const what = id.slice(0, 12)
  return {
    open: async function* open(start) {
      let count = start
      const tell = rarely((done) => emit({ kind: 'transfer', what, done, total: null }))
      for await (const chunk of archive.read(start)) {
        yield chunk
        count += chunk.length
        tell(count)
      }
    },
    end: (size) => emit({ kind: 'transfer', what, done: size, total: size }),
  }
}

async function isThere(
  session: Session,
  id: LayerId,
  packed: Descriptor,
  options: PushOptions,
): Promise<boolean> {
  const { signal } = options
  if (await hasBlob(session, packed, signal)) return true
  const places = await mountable(id, session.registry, options)
  const mountFrom = places.filter((path) => path !== session.repository).slice(0, 2)
  try {
    // What a registry says that it mounted, it must have.
    return (
      (await mountBlob(session, packed, { mountFrom, signal })) &&
      (await hasBlob(session, packed, signal))
    )
  } catch (error) {
    signal?.throwIfAborted()
    // A mount saves time; whether the push may be made is found out by making it.
    if (isFault(error)) return false
    throw error
  }
}

/** Tells every megabyte. */
function rarely(tell: (count: number) => void): (count: number) => void {
  let last = 0
  return (count) => {
    if (count - last < 1_000_000) return
    last = count
    tell(count)
  }
}
