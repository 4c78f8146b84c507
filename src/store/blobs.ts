import { createHash } from 'node:crypto'
import {
  closeSync,
  createReadStream,
  existsSync,
  fsync,
  fsyncSync,
  openSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type ByteStream, Fault } from '../base/index.ts'
import { type Digest, digestHex, parseDigest } from '../image/index.ts'
import { folderOf, type StoreContext } from './context.ts'
import { diskFault, onDisk } from './disk-fault.ts'
import { randomName } from './names.ts'
import { moveToTrash, syncPath } from './records.ts'

export type BlobInfo = { readonly digest: Digest; readonly size: number }

/** A blob that is being written; invisible until `commit`. */
export type BlobWriter = {
  write(bytes: Uint8Array): void
  /** Closes the file and tells what was written. */
  finish(): BlobInfo
  /** Makes it visible. The caller has compared `finish()` with what was promised. */
  commit(): Promise<void>
  /** The same without giving way to other work while the disk writes. */
  commitNow(): void
  /** Throws the bytes away; safe to call twice and after `commit`. */
  discard(): void
  /** The temporary file, readable between `finish` and `commit`. */
  readonly path: string
}

export function blobPath(context: StoreContext, digest: Digest): string {
  return join(folderOf(context, 'blobs/sha256'), digestHex(parseDigest(digest)))
}

export function hasBlob(context: StoreContext, digest: Digest): boolean {
  return existsSync(blobPath(context, digest))
}

/** The one way a blob comes into being: temp → hash → compare → fsync → rename → fsync of the folder. */
export function writeBlob(context: StoreContext): BlobWriter {
  const path = join(folderOf(context, 'tmp'), `${context.lease.hold()}.${randomName()}`)
  const hash = createHash('sha256')
  let fd: number | undefined = onDisk('make a blob', () => openSync(path, 'wx', 0o600))
  let size = 0
  let info: BlobInfo | undefined
  const finish = (): BlobInfo => {
    info ??= { digest: parseDigest(`sha256:${hash.digest('hex')}`), size }
    return info
  }
  const close = (): void => {
    if (fd !== undefined) closeSync(fd)
    fd = undefined
  }
  const publish = (): void => {
    const { digest } = finish()
    onDisk(`write blob ${digest}`, () => {
      close()
      renameSync(path, blobPath(context, digest))
      syncPath(folderOf(context, 'blobs/sha256'))
    })
  }
  return {
    path,
    write: (bytes) => {
      hash.update(bytes)
      size += bytes.length
      onDisk('write a blob', () => {
        for (let at = 0; at < bytes.length; ) at += writeSync(fd ?? -1, bytes, at)
      })
    },
    finish,
    commit: async () => {
      try {
        if (fd !== undefined) await promisify(fsync)(fd)
      } catch (error) {
        throw diskFault(error, 'write a blob')
      }
      publish()
    },
    commitNow: () => {
      onDisk('write a blob', () => fd !== undefined && fsyncSync(fd))
      publish()
    },
    discard: () => {
      close()
      moveToTrash(context, path)
    },
  }
}

/** A small blob in one go, for callers that cannot wait. */
export function putBytes(context: StoreContext, bytes: Uint8Array): BlobInfo {
  const writer = writeBlob(context)
  try {
    writer.write(bytes)
    writer.commitNow()
    return writer.finish()
  } catch (error) {
    writer.discard()
    throw error
  }
}

/** @throws Fault DIGEST_MISMATCH, SIZE_MISMATCH; nothing becomes visible then */
export async function putBlob(
  context: StoreContext,
  bytes: ByteStream | Uint8Array,
  expected: {
    readonly digest?: Digest
    readonly size?: number
    readonly signal?: AbortSignal | undefined
  },
): Promise<BlobInfo> {
  const { digest, size, signal } = expected
  if (digest && hasBlob(context, digest))
    return { digest, size: statSync(blobPath(context, digest)).size }
  const writer = writeBlob(context)
  let written = 0
  try {
    const chunks = bytes instanceof Uint8Array ? [bytes] : bytes
    for await (const chunk of chunks) {
      signal?.throwIfAborted()
      written += chunk.length
      // More than promised is refused before it fills the disk.
      if (size !== undefined && written > size) break
      writer.write(chunk)
    }
    signal?.throwIfAborted()
    if (size !== undefined && written !== size) throw sizeMismatch(size, written)
    const info = writer.finish()
    if (digest && info.digest !== digest) throw digestMismatch(digest, info.digest)
    await writer.commit()
    return info
  } catch (error) {
    writer.discard()
    throw error
  }
}

/** From byte `start` on. @throws Fault BLOB_MISSING */
export async function* readBlob(context: StoreContext, digest: Digest, start = 0): ByteStream {
  const path = blobPath(context, digest)
  if (!existsSync(path))
    throw new Fault('BLOB_MISSING', `the store has no blob ${digest}`, { kind: 'internal' })
  yield* createReadStream(path, { start, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>
}

export function digestMismatch(expected: Digest, found: Digest): Fault {
  return new Fault('DIGEST_MISMATCH', `the content is ${found}, but ${expected} was promised`, {
    hint: 'The transfer was damaged or the source is not to be trusted; nothing was stored.',
  })
}

function sizeMismatch(expected: number, found: number): Fault {
  const more = found > expected ? 'more than ' : ''
  return new Fault('SIZE_MISMATCH', `got ${more}${Math.min(found, expected)} of ${expected} bytes`)
}
