import { closeSync, fdatasync, openSync, read } from 'node:fs'
import { promisify } from 'node:util'
import type { ByteStream } from '../base/index.ts'
import { type BlobInfo, writeBlob } from './blobs.ts'
import type { StoreContext } from './context.ts'
import { diskFault } from './disk-fault.ts'

const chunkSize = 1 << 20
/** Bytes after which the disk is asked for what it has not written, so that little is left to wait for at the end. */
const syncEvery = 1 << 25

/** A blob whose bytes can be read as far as they are written. */
export type GrowingBlob = {
  /** What it is, once all bytes are there: before the disk is sure to have them. Fails as the making of it does. */
  readonly written: Promise<BlobInfo>
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
  const { fd, sync, close } = reader(writer.path)
  let state = { size: 0, whole: false }
  let failure: { readonly error: unknown } | undefined
  const waiting: (() => void)[] = []
  const change = (next: typeof state): void => {
    state = next
    for (const wake of waiting.splice(0)) wake()
  }
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      failure = { error }
      writer.discard()
      change(state)
      throw error
    }
  }
  const written = guarded(async () => {
    for await (const chunk of bytes) {
      signal?.throwIfAborted()
      writer.write(chunk)
      change({ size: state.size + chunk.length, whole: false })
      sync(state.size)
    }
    const info = writer.finish()
    change({ size: info.size, whole: true })
    return info
  })
  const made = written.then((info) =>
    guarded(async () => {
      await writer.commit()
      return info
    }),
  )
  // Whoever waits for it hears of it.
  written.catch(() => {})
  made.catch(() => {})
  return {
    written,
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
    close,
  }
}

/** A descriptor of its own: what goes wrong in a sync here is told to the writer's again. */
function reader(path: string): { fd: number; sync(size: number): void; close(): void } {
  const fd = openSync(path, 'r')
  let [synced, syncing, closing, open] = [0, false, false, true]
  const close = (): void => {
    closing = true
    if (!open || syncing) return
    closeSync(fd)
    open = false
  }
  const sync = (size: number): void => {
    if (syncing || closing || size - synced < syncEvery) return
    synced = size
    syncing = true
    fdatasync(fd, () => {
      syncing = false
      if (closing) close()
    })
  }
  return { fd, sync, close }
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
