import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ByteStream } from '../base/index.ts'
import { unreadable } from './user-file.ts'
import { partialOf, targetOf } from './write-file.ts'

/** Writes bytes to stdout, into a device or a pipe, or to a file that appears under its name only when it is whole. @throws Fault OUTPUT_UNWRITABLE */
export async function writeStream(
  bytes: ByteStream,
  to: { readonly file: string | null; readonly stdout: Writable },
  signal: AbortSignal,
): Promise<void> {
  const source = Readable.from(bytes, { objectMode: false, highWaterMark: 1 << 20 })
  const { file } = to
  if (file === null) return pipeline(source, to.stdout, { signal, end: false })
  const target = targetOf(file)
  const written = target.whole ? partialOf(target) : target.path
  try {
    await pipeline(source, createWriteStream(written), { signal })
    if (target.whole) renameSync(written, target.path)
  } catch (error) {
    if (target.whole) rmSync(written, { force: true })
    if ((error as NodeJS.ErrnoException).syscall === 'open')
      throw unreadable(error, { code: 'OUTPUT_UNWRITABLE', what: `write ${file}` })
    throw error
  }
}
