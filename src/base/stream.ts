/** Bytes in motion. Node streams stay inside adapters; signatures speak of this. */
export type ByteStream = AsyncIterable<Uint8Array>
