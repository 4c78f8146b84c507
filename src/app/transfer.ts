import { createReadStream, createWriteStream, renameSync, rmSync } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { StoredImage } from '../build/index.ts'
import { type Digest, familiarName, parseReference, withDefaultTag } from '../image/index.ts'
import { type Compression, pullImage, pushImage } from '../registry/index.ts'
import { findImage } from './images.ts'
import { hostPlatform } from './platform.ts'
import { registrySettings } from './registry-settings.ts'
import type { Session } from './session.ts'
import { unreadable } from './user-file.ts'

/** @throws Fault IMAGE_NOT_FOUND, REFERENCE_INVALID */
export function tagImage(session: Session, from: string, to: string): void {
  session.store.tag(familiarName(withDefaultTag(parseReference(to))), findImage(session, from).id)
}

/** Writes an archive; a file appears under its name only when it is whole. */
export async function saveImages(
  session: Session,
  names: readonly string[],
  file: string | null,
  stdout: Writable,
): Promise<void> {
  for (const name of names) findImage(session, name)
  const archive = Readable.from(
    session.store.save(names, { signal: session.signal, emit: session.emit }),
  )
  if (file === null) return pipeline(archive, stdout, { signal: session.signal, end: false })
  const partial = `${file}.${process.pid}.partial`
  try {
    await pipeline(archive, createWriteStream(partial), { signal: session.signal })
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

/** @returns references, or IDs of images without a name */
export async function loadImages(
  session: Session,
  file: string | null,
  stdin: Readable,
): Promise<readonly string[]> {
  try {
    return await session.store.load(file === null ? stdin : createReadStream(file), {
      signal: session.signal,
      emit: session.emit,
    })
  } catch (error) {
    if (isMissing(error) && file !== null)
      throw unreadable(error, { code: 'ARCHIVE_NOT_FOUND', what: `open ${file}` })
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

export async function pull(
  session: Session,
  name: string,
): Promise<{ readonly reference: string; readonly image: StoredImage }> {
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
