import { setImmediate as turn } from 'node:timers/promises'
import type { ByteStream } from '../base/index.ts'
import type { LayerId } from '../build/index.ts'
import { readBlob } from './blobs.ts'
import type { StoreContext } from './context.ts'
import { decompress } from './decompress.ts'
import { layerFiles, needLayer, readDiff } from './layers.ts'
import { packDirectory } from './pack.ts'

/** The layer as the tar that its diffID is the digest of: the bytes it came from, or our own tar. */
export async function* packLayer(
  context: StoreContext,
  id: LayerId,
  signal: AbortSignal | undefined,
): ByteStream {
  for await (const chunk of lendLayer(context, id, signal)) yield Buffer.from(chunk)
}

/** The same without a copy: each chunk is valid until the next one is asked for. */
export async function* lendLayer(
  context: StoreContext,
  id: LayerId,
  signal: AbortSignal | undefined,
): ByteStream {
  const meta = needLayer(context, id)
  const kept = readDiff(context, id)?.blob
  if (kept) {
    for await (const chunk of decompress(readBlob(context, kept.digest))) {
      signal?.throwIfAborted()
      yield chunk
    }
    return
  }
  for (const chunk of packDirectory(layerFiles(context, id), meta)) {
    signal?.throwIfAborted()
    yield chunk
    await turn()
  }
}
