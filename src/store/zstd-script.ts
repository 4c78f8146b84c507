import { setImmediate as turn } from 'node:timers/promises'
import { type ByteStream, Fault } from '../base/index.ts'
import { zstdFrames } from './zstd-frames.ts'

/**
 * zstd read in JavaScript, at a third of the program's speed: for the Node that has none, on a machine without it.
 * @throws Fault ARCHIVE_CORRUPT
 */
export async function* unzstdInScript(source: ByteStream): ByteStream {
  const { Decompress } = await import('fzstd')
  for await (const frame of zstdFrames(source)) {
    let ready: Uint8Array[] = []
    const decoder = new Decompress((chunk) => ready.push(chunk))
    for await (const part of frame) {
      // An empty part would be taken for the end of a frame that has just begun.
      if (part.length > 0) attempt(() => decoder.push(part))
      yield* ready
      ready = []
      await turn()
    }
    attempt(() => decoder.push(new Uint8Array(0), true))
    yield* ready
  }
}

function attempt(decode: () => void): void {
  try {
    decode()
  } catch (cause) {
    throw damaged(cause)
  }
}

function damaged(cause: unknown): Fault {
  return new Fault('ARCHIVE_CORRUPT', 'the compressed archive is damaged', {
    kind: 'invalid',
    cause,
  })
}
