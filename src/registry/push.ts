import { pipeline, Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import { type ByteStream, type EventSink, Fault } from '../base/index.ts'
import type { LayerId, StoredImage } from '../build/index.ts'
import { openHttp } from '../http/index.ts'
import {
  type Descriptor,
  type Digest,
  familiarName,
  type Manifest,
  parseReference,
  sha256,
  withDefaultTag,
} from '../image/index.ts'
import { endpointsFor } from './endpoint.ts'
import { answerFault } from './fault.ts'
import { inParallel } from './parallel.ts'
import { openSession, type Session } from './session.ts'
import type { PushStore, RegistrySettings } from './types.ts'

const parallelLayers = 3

export type PushOptions = {
  readonly store: PushStore
  readonly emit: EventSink
  readonly signal?: AbortSignal | undefined
  readonly settings?: RegistrySettings
}

/**
 * Pushes an image under a reference: gzip layers, configuration, then the OCI manifest, whose digest it returns.
 * Blobs that the registry has are not sent. Mirrors are never pushed to.
 * @throws Fault UNAUTHORIZED, REGISTRY_UNREACHABLE, REGISTRY_ERROR, DIGEST_MISMATCH
 */
export async function pushImage(
  reference: string,
  image: StoredImage,
  options: PushOptions,
): Promise<Digest> {
  const name = withDefaultTag(parseReference(reference))
  const { store, signal, settings = {} } = options
  const [endpoint] = endpointsFor(name.domain, { ...settings, mirrors: [] })
  if (!endpoint) throw new TypeError('no endpoint')
  const http = openHttp(settings)
  try {
    const session = openSession({
      http,
      endpoint,
      repository: name.path,
      actions: 'pull,push',
      credentials: settings.credentials,
    })
    const layers = await pushLayers(session, image.layers, options)
    const config = await collect(store.readBlob(image.id))
    const configDescriptor = {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: image.id,
      size: config.length,
    }
    await pushBlob(session, configDescriptor, () => once(config), signal)
    const digest = await pushManifest(
      session,
      { schemaVersion: 2, mediaType: manifestType, config: configDescriptor, layers },
      name.tag ?? name.digest ?? 'latest',
      familiarName(name),
      signal,
    )
    store.setManifest(image.id, digest)
    return digest
  } finally {
    http.close()
  }
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json'

async function pushLayers(
  session: Session,
  layers: readonly LayerId[],
  { store, emit, signal }: PushOptions,
): Promise<readonly Descriptor[]> {
  const done = new Map<LayerId, Descriptor>()
  await inParallel([...new Set(layers)], parallelLayers, signal, async (id, both) => {
    const packed = gzip(store.packLayer(id, { signal: both }))
    const { digest, size } = await store.putBlob(packed, { signal: both })
    const descriptor = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size }
    await pushBlob(session, descriptor, () => store.readBlob(digest), both)
    emit({ kind: 'transfer', what: digest.slice(7, 19), done: size, total: size })
    done.set(id, descriptor)
  })
  return layers.map((id) => done.get(id) as Descriptor)
}

async function pushBlob(
  session: Session,
  { digest, size }: Descriptor,
  open: () => ByteStream,
  signal: AbortSignal | undefined,
): Promise<void> {
  const head = await session.send({ method: 'HEAD', path: `blobs/${digest}` }, signal)
  head.discard()
  if (head.status === 200) return
  const begun = await session.send(
    { method: 'POST', path: 'blobs/uploads/', body: Buffer.alloc(0) },
    signal,
  )
  if (begun.status !== 202)
    throw await answerFault(begun, session.registry, `the place for ${digest}`)
  begun.discard()
  const location = uploadUrl(begun.url, begun.headers.location)
  location.searchParams.set('digest', digest)
  const headers = { 'content-type': 'application/octet-stream' }
  const put = await session.send(
    { method: 'PUT', path: location, headers, body: { size, open } },
    signal,
  )
  if (put.status !== 201) throw await answerFault(put, session.registry, `the blob ${digest}`)
  put.discard()
}

/** Uploads go where the registry says, as long as that is the registry itself. */
function uploadUrl(from: URL, location: string | undefined): URL {
  if (location !== undefined && URL.canParse(location, from.href)) {
    const url = new URL(location, from)
    if (url.origin === from.origin) return url
  }
  throw new Fault('REGISTRY_ERROR', `${from.host} wants the upload at another host or nowhere`)
}

async function pushManifest(
  session: Session,
  manifest: Manifest,
  target: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Digest> {
  const body = Buffer.from(JSON.stringify(manifest))
  const digest = sha256(body)
  const headers = { 'content-type': manifestType }
  const answer = await session.send(
    { method: 'PUT', path: `manifests/${target}`, headers, body },
    signal,
  )
  if (answer.status !== 201) throw await answerFault(answer, session.registry, name)
  answer.discard()
  const claimed = answer.headers['docker-content-digest']
  if (claimed !== undefined && claimed !== digest)
    throw new Fault('DIGEST_MISMATCH', `the registry stored ${String(claimed)}, we sent ${digest}`)
  return digest
}

/** Level 6 without name or time: the same bytes for the same zlib. */
function gzip(source: ByteStream): ByteStream {
  const packer = createGzip({ level: 6, chunkSize: 256 * 1024 })
  // An error of the source reaches the reader of `packer`, which the pipeline destroys with it.
  pipeline(Readable.from(source), packer, () => {})
  return packer as AsyncIterable<Buffer>
}

async function* once(bytes: Uint8Array): ByteStream {
  yield await Promise.resolve(bytes)
}

async function collect(stream: ByteStream): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}
