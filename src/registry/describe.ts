import { type EventSink, Fault } from '../base/index.ts'
import { readAll } from '../http/index.ts'
import {
  type Digest,
  familiarName,
  type ImageConfig,
  isDigest,
  type Manifest,
  type Platform,
  type Reference,
  sha256,
} from '../image/index.ts'
import { checkDigest, downloadSmall } from './blob.ts'
import { answerFault } from './fault.ts'
import {
  choosePlatform,
  formatPlatform,
  mediaTypes,
  parseConfig,
  parseManifest,
} from './manifest.ts'
import type { Session } from './session.ts'

/** 4 MiB, what registries agree to serve. */
const maxManifest = 4 * 1024 * 1024

type Options = {
  readonly platform: Platform
  readonly emit: EventSink
  readonly signal?: AbortSignal | undefined
}

/** What a registry says of an image, as values and as the bytes that their digests are of. */
export type Described = Resolved & {
  readonly id: Digest
  readonly config: ImageConfig
  readonly configBytes: Uint8Array
}

/** Manifest and configuration of an image, compared with their digests and with each other. */
export async function describe(
  session: Session,
  name: Reference,
  options: Options,
): Promise<Described> {
  const { emit, signal, platform } = options
  const resolved = await resolveManifest(session, name, options)
  const { manifest } = resolved
  const configBytes = await downloadSmall(session, manifest.config, maxManifest, signal)
  const config = parseConfig(configBytes, manifest.layers.length)
  if (config.os !== platform.os || config.architecture !== platform.architecture)
    emit({
      kind: 'notice',
      level: 'warning',
      code: 'PLATFORM_MISMATCH',
      message: `${familiarName(name)} is for ${config.os}/${config.architecture}, not for ${formatPlatform(platform)}`,
    })
  return { ...resolved, id: sha256(configBytes), config, configBytes }
}

type Resolved = { readonly manifest: Manifest; readonly digest: Digest; readonly bytes: Uint8Array }

/** The manifest for the platform. A digest in the name, and one in an index, is compared with what arrives. */
async function resolveManifest(
  session: Session,
  name: Reference,
  options: Options,
): Promise<Resolved> {
  const top = await fetchManifest(
    session,
    name.digest ?? name.tag ?? 'latest',
    name,
    options.signal,
  )
  if ('layers' in top.document)
    return { manifest: top.document, digest: top.digest, bytes: top.bytes }
  const chosen = choosePlatform(top.document, options.platform, familiarName(name))
  const inner = await fetchManifest(session, chosen.digest, name, options.signal)
  if (!('layers' in inner.document))
    throw new Fault('MANIFEST_INVALID', `${familiarName(name)} is an index of indexes`)
  return { manifest: inner.document, digest: inner.digest, bytes: inner.bytes }
}

async function fetchManifest(
  session: Session,
  target: string,
  name: Reference,
  signal: AbortSignal | undefined,
): Promise<{
  readonly document: ReturnType<typeof parseManifest>
  readonly digest: Digest
  readonly bytes: Buffer
}> {
  const accept = [...mediaTypes.index, ...mediaTypes.manifest].join(', ')
  const answer = await session.send(
    { method: 'GET', path: `manifests/${target}`, headers: { accept } },
    signal,
  )
  if (answer.status !== 200) throw await answerFault(answer, session.registry, familiarName(name))
  const bytes = await readAll(answer.body, maxManifest, `the manifest of ${familiarName(name)}`)
  const claimed = String(answer.headers['docker-content-digest'] ?? '')
  if (isDigest(target)) checkDigest(session.registry, bytes, target)
  else if (isDigest(claimed)) checkDigest(session.registry, bytes, claimed)
  const document = parseManifest(bytes, answer.headers['content-type'] ?? '')
  return { document, digest: sha256(bytes), bytes }
}
