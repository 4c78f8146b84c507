import { type ByteStream, Fault, isFault } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import {
  type Descriptor,
  type Digest,
  familiarName,
  type Manifest,
  parseReference,
  sha256,
  withDefaultTag,
} from '../image/index.ts'
import { endpointToPush, openRegistryHttp } from './endpoint.ts'
import { answerFault } from './fault.ts'
import { mountable, type PushOptions, pushLayers } from './push-layers.ts'
import { openSession, type Session } from './session.ts'
import type { PushStore } from './types.ts'
import { uploadBlob } from './upload.ts'

/**
 * Pushes an image under a reference: layers, configuration, then the OCI manifest, whose digest it returns. A layer
 * that the registry has, here or in a repository we know of, is neither compressed nor sent; one is sent while it and
 * the next are compressed. Mirrors are never pushed to.
 * @throws Fault UNAUTHORIZED, REGISTRY_UNREACHABLE, REGISTRY_ERROR, DIGEST_MISMATCH, ZSTD_WRITE_UNSUPPORTED
 */
export async function pushImage(
  reference: string,
  image: StoredImage,
  options: PushOptions,
): Promise<Digest> {
  const name = withDefaultTag(parseReference(reference))
  const { store, signal, emit, settings = {}, annotations } = options
  const endpoint = endpointToPush(name, settings)
  const http = openRegistryHttp(settings)
  const known = await Promise.all(
    image.layers.map((id) => mountable(id, endpoint.registry, options)),
  )
  const session = openSession({
    ...{ http, endpoint, actions: 'pull,push', credentials: settings.credentials },
    retryMs: settings.retryMs,
    mountFrom: [...new Set(known.flat())].filter((path) => path !== endpoint.repository),
    onRetry: (why) =>
      emit({
        kind: 'notice',
        level: 'info',
        code: 'REGISTRY_RETRY',
        message: `${why}; trying again`,
      }),
  })
  try {
    const layers = await pushLayers(session, image.layers, options)
    const config = await collect(store.readBlob(image.id))
    const configDescriptor = {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: image.id,
      size: config.length,
    }
    await uploadBlob(session, configDescriptor, { open: () => once(config), signal })
    const made: Manifest = {
      schemaVersion: 2,
      mediaType: manifestType,
      config: configDescriptor,
      layers,
      ...(annotations ? { annotations } : {}),
    }
    // One that is to say more is another manifest.
    const original = annotations ? null : await originalManifest(image, layers, store)
    const manifest = original ?? {
      mediaType: manifestType,
      bytes: Buffer.from(JSON.stringify(made)),
    }
    const target = name.tag ?? name.digest ?? 'latest'
    const digest = await pushManifest(session, manifest, target, familiarName(name), signal)
    store.setManifest(image.id, digest)
    return digest
  } finally {
    http.close()
  }
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
type Document = { readonly mediaType: string; readonly bytes: Buffer }

/** The manifest that the image was pulled with, when what is pushed is what it names: its digest stays the same. */
async function originalManifest(
  image: StoredImage,
  layers: readonly Descriptor[],
  store: PushStore,
): Promise<Document | null> {
  if (image.manifest === null) return null
  try {
    const bytes = await collect(store.readBlob(image.manifest))
    const manifest = JSON.parse(bytes.toString('utf8')) as Manifest
    const same = (one: readonly Descriptor[]): string => one.map(({ digest }) => digest).join(' ')
    const fits = manifest.config.digest === image.id && same(manifest.layers) === same(layers)
    return fits && manifest.mediaType !== undefined
      ? { mediaType: manifest.mediaType, bytes }
      : null
  } catch (error) {
    if (isFault(error) || error instanceof SyntaxError) return null
    throw error
  }
}

/** @returns the digest under which the registry has it @throws Fault DIGEST_MISMATCH */
export async function pushManifest(
  session: Session,
  { mediaType, bytes: body }: Document,
  target: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Digest> {
  const digest = sha256(body)
  const headers = { 'content-type': mediaType }
  const answer = await session.send(
    { method: 'PUT', path: `manifests/${target}`, headers, body },
    signal,
  )
  if (answer.status !== 201) throw await answerFault(answer, session.registry, name)
  answer.discard()
  const claimed =
    answer.headers['docker-content-digest'] ?? (await askDigest(session, mediaType, target, signal))
  if (claimed !== undefined && claimed !== digest)
    throw new Fault(
      'DIGEST_MISMATCH',
      `the registry stored ${String(claimed)}, we sent ${digest}`,
      {
        hint: 'what is there now is not the image that was pushed',
      },
    )
  return digest
}

/** Registries need not say on PUT what they stored. */
async function askDigest(
  session: Session,
  accept: string,
  target: string,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  const headers = { accept }
  const head = await session.send({ method: 'HEAD', path: `manifests/${target}`, headers }, signal)
  head.discard()
  return head.headers['docker-content-digest']
}

async function* once(bytes: Uint8Array): ByteStream {
  yield await Promise.resolve(bytes)
}

async function collect(stream: ByteStream): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}
