import { closeSync, openSync, read } from 'node:fs'
import { promisify } from 'node:util'
import type { ByteStream } from '../base/index.ts'
import { type BlobInfo, writeBlob } from './blobs.ts'
import type { StoreContext } from './context.ts'
import { diskFault } from './disk-fault.ts'

const chunkSize = 1 << 20

/** A blob whose bytes can be read as far as they are written. */
export type GrowingBlob = {
  /** The finished blob, in the store by then. Fails as the making of it does. */
  readonly made: Promise<BlobInfo>
  /** Waits until there are `least` bytes, or all that there will be. Fails as the making does. */
  grown(least: number): Promise<{ readonly size: number; readonly whole: boolean }>
  /** From byte `start` on as far as there are bytes now. */
  read(start: number): ByteStream
  /** Lets go of the file; to be called when nobody reads any more, whatever became of the blob. */
  close(): void
}

/** Writes a blob as `putBlob` does, and lets others read what is there of it already. */
export function growBlob(
  context: StoreContext,
  bytes: ByteStream,
  signal: AbortSignal | undefined,
): GrowingBlob {
  const writer = writeBlob(context)
  const fd = openSync(writer.path, 'r')
  let open = true
  let state = { size: 0, whole: false }
  let failure: { readonly error: unknown } | undefined
  const waiting: (() => void)[] = []
  const change = (next: typeof state): void => {
    state = next
    for (const wake of waiting.splice(0)) wake()
  }
  const write = async (): Promise<BlobInfo> => {
    try {
      for await (const chunk of bytes) {
        signal?.throwIfAborted()
        writer.write(chunk)
        change({ size: state.size + chunk.length, whole: false })
      }
      const info = writer.finish()
      change({ size: info.size, whole: true })
      await writer.commit()
      return info
    } catch (error) {
      failure = { error }
      writer.discard()
      change(state)
      throw error
    }
  }
  const made = write()
  // Whoever waits for it hears of it.
  made.catch(() => {})
  return {
    made,
    grown: async (least) => {
      while (!state.whole && state.size < least && !failure)
        await new Promise<void>((wake) => {
          waiting.push(wake)
        })
      if (failure) throw failure.error
      return state
    },
    read: (start) => readUpTo(fd, start, state.size),
    close: () => {
      if (open) closeSync(fd)
      open = false
    },
  }
}

async function* readUpTo(fd: number, start: number, end: number): ByteStream {
  for (let at = start; at < end; ) {
    const chunk = Buffer.allocUnsafe(Math.min(chunkSize, end - at))
    const { bytesRead } = await promisify(read)(fd, chunk, 0, chunk.length, at).catch(
      (error: unknown) => {
        throw diskFault(error, 'read a blob')
      },
    )
    if (bytesRead === 0) return
    at += bytesRead
    yield chunk.subarray(0, bytesRead)
  }
}
