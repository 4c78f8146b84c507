/** Bytes in motion. Node streams stay inside adapters; signatures speak of this. */
export type ByteStream = AsyncIterable<Uint8Array>

/**
 * Passes chunks on and throws the signal's reason as soon as it is aborted. `stream/promises.pipeline` hangs on
 * abort when both ends are functions, so nothing else in jettison relies on its signal.
 */
export async function* abortable(source: ByteStream, signal?: AbortSignal): ByteStream {
  for await (const chunk of source) {
    signal?.throwIfAborted()
    yield chunk
  }
  signal?.throwIfAborted()
}
