import { type EventSink, Fault, isFault } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import type { DockerEngine } from '../engines/index.ts'
import { familiarName, parseReference, withDefaultTag } from '../image/index.ts'
import { findImage } from './images.ts'
import { bringFromRegistry, registryName } from './registry-image.ts'
import type { Session } from './session.ts'

const prefix = 'docker-daemon:'

type Io = { readonly emit: EventSink; readonly signal?: AbortSignal | undefined }

/** The name that a Docker Engine knows, of `docker-daemon:NAME`; undefined for other names. */
export function engineName(reference: string): string | undefined {
  return reference.startsWith(prefix) ? reference.slice(prefix.length) : undefined
}

/**
 * An image by name: of the store, of the Docker Engine as `docker-daemon:NAME`, or of a registry as `docker://NAME`. What
 * is not of the store comes into it without a name.
 * @throws Fault IMAGE_NOT_FOUND, DOCKER_ENDPOINT, DOCKER_UNREACHABLE, and what a registry answers
 */
export async function bringImage(session: Session, name: string): Promise<StoredImage> {
  const remote = registryName(name)
  if (remote !== undefined) return bringFromRegistry(session, remote)
  const theirs = engineName(name)
  return theirs === undefined ? findImage(session, name) : takeFromEngine(session, theirs, session)
}

/** @throws Fault IMAGE_NOT_FOUND, DOCKER_ENDPOINT, DOCKER_UNREACHABLE, and what a load throws */
export async function takeFromEngine(session: Session, name: string, io: Io): Promise<StoredImage> {
  const { takeOver } = await import('../engines/index.ts')
  return takeOver(await openEngine(session), session.store, engineReference(name), io)
}

/** The same, undefined when the engine has no such image. */
export async function findInEngine(
  session: Session,
  name: string,
  io: Io,
): Promise<StoredImage | undefined> {
  try {
    return await takeFromEngine(session, name, io)
  } catch (error) {
    if (isFault(error) && error.code === 'IMAGE_NOT_FOUND') return undefined
    throw error
  }
}

/** @returns the engine's name and how many layers it did not have @throws Fault DOCKER_* */
export async function giveToEngine(
  session: Session,
  image: StoredImage,
  names: readonly string[],
): Promise<{ readonly engine: string; readonly sent: number }> {
  const { handOver } = await import('../engines/index.ts')
  const engine = await openEngine(session)
  const { emit, signal } = session
  const { sent } = await handOver(engine, session.store, image, { names, emit, signal })
  return { engine: engine.name, sent }
}

/** Engines know short names; an ID stays one. */
function engineReference(name: string): string {
  if (name === '')
    throw new Fault('USAGE', `${prefix} names no image`, {
      kind: 'invalid',
      hint: `write ${prefix}NAME[:TAG] or ${prefix}sha256:ID`,
    })
  return /^sha256:[0-9a-f]{64}$/.test(name)
    ? name
    : familiarName(withDefaultTag(parseReference(name)))
}

async function openEngine({ settings }: Session): Promise<DockerEngine> {
  const { findDockerEndpoint, openDockerEngine } = await import('../engines/index.ts')
  const { docker, dockerConfig } = settings
  return openDockerEngine(findDockerEndpoint({ ...docker, configDir: dockerConfig }))
}
