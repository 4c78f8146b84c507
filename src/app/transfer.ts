import { createReadStream, statSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import type { BuildResult, StoredImage } from '../build/index.ts'
import {
  type Annotations,
  type Digest,
  familiarName,
  parseReference,
  withDefaultTag,
} from '../image/index.ts'
import { type Compression, pullImage, pushImage } from '../registry/index.ts'
import type { SaveOptions, Store } from '../store/index.ts'
import { resultStore } from './absent-push.ts'
import { engineName, takeFromEngine } from './docker-engine.ts'
import { findImage } from './images.ts'
import { hostPlatform } from './platform.ts'
import { registrySettings } from './registry-settings.ts'
import type { Session } from './session.ts'
import { unreadable } from './user-file.ts'
import { writeStream } from './write-stream.ts'

/** @throws Fault IMAGE_NOT_FOUND, REFERENCE_INVALID */
export function tagImage(session: Session, from: string, to: string): void {
  session.store.tag(familiarName(withDefaultTag(parseReference(to))), findImage(session, from).id)
}

/** Writes an archive of images to a file, or to stdout when that is null. @throws Fault IMAGE_NOT_FOUND */
export async function saveImages(
  session: Session,
  names: readonly string[],
  to: { readonly file: string | null; readonly stdout: Writable },
  options: Pick<SaveOptions, 'compression' | 'form' | 'names'> = {},
): Promise<void> {
  for (const name of names) findImage(session, name)
  const { signal, emit } = session
  await writeStream(session.store.save(names, { signal, emit, ...options }), to, signal)
}

/**
 * Images of an archive, or of the folder of an OCI layout.
 * @returns references, or IDs of images without a name @throws Fault ARCHIVE_NOT_FOUND, those of a load
 */
export async function loadImages(
  session: Session,
  file: string | null,
  stdin: Readable,
): Promise<readonly string[]> {
  try {
    return await session.store.load(sourceOf(file, stdin), {
      signal: session.signal,
      emit: session.emit,
    })
  } catch (error) {
    if (isMissing(error) && file !== null)
      throw unreadable(error, { code: 'ARCHIVE_NOT_FOUND', what: `open ${file}` })
    throw error
  }
}

function sourceOf(file: string | null, stdin: Readable): Parameters<Store['load']>[0] {
  if (file === null || file === '-') return stdin
  return statSync(file, { throwIfNoEntry: false })?.isDirectory()
    ? { dir: file }
    : createReadStream(file, { highWaterMark: 1 << 20 })
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

/** From a registry, or `docker-daemon:NAME` from the Docker Engine. */
export async function pull(
  session: Session,
  name: string,
): Promise<{ readonly reference: string; readonly image: StoredImage }> {
  const theirs = engineName(name)
  if (theirs !== undefined) return takeNamed(session, theirs)
  const reference = familiarName(withDefaultTag(parseReference(name)))
  const image = await pullImage(reference, {
    store: session.store,
    platform: hostPlatform(),
    emit: session.emit,
    signal: session.signal,
    settings: registrySettings(session),
  })
  session.store.tag(reference, image.id)
  return { reference, image }
}

/** An image of the Docker Engine keeps its name; one that was asked for by its ID has none. */
async function takeNamed(
  session: Session,
  name: string,
): Promise<{ readonly reference: string; readonly image: StoredImage }> {
  const image = await takeFromEngine(session, name, session)
  if (/^sha256:[0-9a-f]{64}$/.test(name)) return { reference: image.id, image }
  const reference = familiarName(withDefaultTag(parseReference(name)))
  session.store.tag(reference, image.id)
  return { reference, image }
}

/** @throws Fault USAGE when the compression is none that there is */
export async function push(
  session: Session,
  name: string,
  compression: Compression,
): Promise<{ readonly reference: string; readonly digest: Digest }> {
  const reference = familiarName(withDefaultTag(parseReference(name)))
  const image = findImage(session, reference)
  const digest = await pushImage(reference, image, {
    store: session.store,
    emit: session.emit,
    signal: session.signal,
    settings: registrySettings(session),
    compression,
  })
  return { reference, digest }
}

/**
 * Pushes what a build made under a name. An image whose layers are partly elsewhere is none of the store: it gets no
 * name here, and what the registry cannot take from where it is passes through.
 */
export async function pushResult(
  session: Session,
  result: Pick<BuildResult, 'image' | 'absent'>,
  name: string,
  annotations?: Annotations,
): Promise<Digest> {
  const { store, emit, signal } = session
  const { image, absent } = result
  const reference = familiarName(withDefaultTag(parseReference(name)))
  const isStored = !absent.some(({ id }) => image.layers.includes(id))
  if (isStored) store.tag(reference, image.id)
  const from = isStored
    ? store
    : resultStore(store, result, { step: `push ${reference}`, emit, signal })
  const options = { store: from, emit, signal, settings: registrySettings(session), annotations }
  return pushImage(reference, isStored ? findImage(session, reference) : image, options)
}
