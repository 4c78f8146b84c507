import { createHash } from 'node:crypto'
import { fstatSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { ByteStream } from '../base/index.ts'
import { type ByteSource, type Digest, parseDigest } from '../image/index.ts'
import { decompress } from './decompress.ts'

/** Bytes in a file that has no name and is gone when its descriptor is closed or the process ends. */
export type NamelessFile = {
  readonly descriptor: number
  readonly bytes: ByteSource
  /** Of what is in it, when it was asked for. */
  readonly digest: Digest | null
}

/** Takes a stream, plain or compressed, into a nameless file. @throws Fault LAYER_CORRUPT */
export async function spill(
  stream: ByteStream,
  folder: string,
  { hashed = false }: { readonly hashed?: boolean } = {},
): Promise<NamelessFile> {
  const descriptor = openNameless(folder)
  const hash = hashed ? createHash('sha256') : null
  for await (const chunk of decompress(stream)) {
    hash?.update(chunk)
    for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at)
  }
  return {
    descriptor,
    bytes: filePart(descriptor, 0, fstatSync(descriptor).size),
    digest: hash && parseDigest(`sha256:${hash.digest('hex')}`),
  }
}

/** A stretch of an open file. */
export function filePart(descriptor: number, start: number, size: number): ByteSource {
  const readInto = (target: Uint8Array, offset: number): number => {
    let done = 0
    while (done < target.length) {
      const count = readSync(descriptor, target, done, target.length - done, start + offset + done)
      if (count === 0) break
      done += count
    }
    return done
  }
  return {
    size,
    readInto,
    readAt: (offset, length) => {
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, size - offset)))
      return bytes.subarray(0, readInto(bytes, offset))
    },
  }
}

/** Open for reading and writing, without a name from the first moment on that matters. */
function openNameless(folder: string): number {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `layer-${process.pid}-${process.hrtime.bigint()}`)
  const descriptor = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return descriptor
}
