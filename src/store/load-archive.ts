import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { type ByteStream, Fault } from '../base/index.ts'
import { readTar } from '../image/index.ts'
import { type BlobInfo, type BlobWriter, writeBlob } from './blobs.ts'
import type { StoreContext } from './context.ts'
import { decompress } from './decompress.ts'

/** The files of an archive, each in a blob that is not visible yet. */
export type StagedArchive = {
  find(name: string): StagedFile | undefined
  /** @throws Fault ARCHIVE_INVALID when it is missing, too big or no JSON */
  json(name: string): unknown
  /** Throws away everything that was not committed. */
  discard(): void
}

/** `path` is where its bytes are now; `digest` is computed, never taken from a name. */
export type StagedFile = BlobInfo & { readonly path: string }

/** A manifest or configuration; registries refuse bigger ones too (distribution-spec: 4 MiB). */
const maxDocument = 4 * 1024 * 1024

/** `docker save` of old writes a layer twice as a symlink. */
const maxLinks = 10

/**
 * Reads a whole archive, in whatever order its files come, gzipped or not. Names never become paths: each file lies in
 * the store's own temporary folder, digested while it was written.
 */
export async function stageArchive(
  context: StoreContext,
  archive: ByteStream,
  signal: AbortSignal | undefined,
): Promise<StagedArchive> {
  const files = new Map<string, StagedFile & { readonly writer: BlobWriter }>()
  const links = new Map<string, string>()
  const discard = (): void => {
    for (const { writer } of files.values()) writer.discard()
  }
  try {
    for await (const { header, body } of readTar(decompress(archive))) {
      signal?.throwIfAborted()
      const name = memberName(header.name)
      if (header.kind === 'symlink')
        links.set(name, memberName(posix.join(posix.dirname(name), header.link ?? '')))
      if (header.kind === 'hardlink') links.set(name, memberName(header.link ?? ''))
      if (header.kind !== 'file') continue
      const writer = writeBlob(context)
      files.get(name)?.writer.discard()
      try {
        for await (const chunk of body) {
          signal?.throwIfAborted()
          writer.write(chunk)
        }
      } catch (error) {
        writer.discard()
        throw error
      }
      files.set(name, { ...writer.finish(), path: writer.path, writer })
    }
  } catch (error) {
    discard()
    throw error
  }
  const find = (name: string): StagedFile | undefined => {
    let at = memberName(name)
    for (let count = 0; count < maxLinks && !files.has(at); count++) at = links.get(at) ?? at
    return files.get(at)
  }
  return { find, json: (name) => readStagedJson(find(name), name), discard }
}

/** @throws Fault ARCHIVE_INVALID */
export function readStagedJson(file: StagedFile | undefined, name: string): unknown {
  return parseStagedJson(file?.size, name, () => readFileSync(file?.path ?? '', 'utf8'))
}

/** @param size undefined when there is no such file @throws Fault ARCHIVE_INVALID */
export function parseStagedJson(
  size: number | undefined,
  name: string,
  read: () => string,
): unknown {
  if (size === undefined) throw invalidArchive(`${name} is missing`)
  if (size > maxDocument) throw invalidArchive(`${name} has ${size} bytes`)
  try {
    return JSON.parse(read())
  } catch (error) {
    throw invalidArchive(`${name} is no JSON`, error)
  }
}

export function invalidArchive(why: string, cause?: unknown): Fault {
  return new Fault('ARCHIVE_INVALID', `not an image archive that can be loaded: ${why}`, {
    kind: 'invalid',
    hint: 'jettison loads archives of `docker save`, `jettison save` and OCI image layouts.',
    cause,
  })
}

/** A member's name without what makes no difference: `./a//b/` is `a/b`. */
export function memberName(name: string): string {
  return posix.normalize(name).replace(/^(?:\.?\/)+|\/+$/g, '')
}
