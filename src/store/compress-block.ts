import type * as zlib from 'node:zlib'

/** What each block of a layer is made into. */
export type BlockJob = { readonly algorithm: 'deflate' | 'zstd'; readonly level: number }

/** A block as it is written. `sum` is the CRC-32 of what it was made of, 0 for zstd, which has its own. */
export type PackedBlock = {
  readonly bytes: Uint8Array
  readonly sum: number
  /** Bytes that it was made of. */
  readonly size: number
}

type Zstd = {
  readonly zstdCompressSync?: (bytes: Uint8Array, options: object) => Uint8Array
}

/**
 * One block, compressed on its own: raw deflate (RFC 1951) that ends at a byte boundary and may look back into
 * `dictionary`, the end of the block before it; or a whole zstd frame (RFC 8878). The text of this function is also the
 * worker's code, so it uses nothing but its parameters.
 */
export function compressBlock(
  lib: typeof zlib & Zstd,
  job: BlockJob,
  block: Uint8Array,
  dictionary: Uint8Array | null,
): PackedBlock {
  // Most results have room in one piece; much more would only be more work for the garbage collector.
  const chunkSize = Math.max(65_536, Math.ceil(block.length * 0.4))
  const size = block.length
  if (job.algorithm === 'zstd') {
    // Not in the types of the oldest Node we support.
    const names = lib.constants as unknown as Readonly<Record<string, number>>
    const level = Number(names['ZSTD_c_compressionLevel'])
    const options = { chunkSize, params: { [level]: job.level } }
    const compress = lib.zstdCompressSync
    if (!compress) throw new Error('this Node writes no zstd')
    return { bytes: compress(block, options), sum: 0, size }
  }
  const bytes = lib.deflateRawSync(block, {
    chunkSize,
    level: job.level,
    // A twelfth faster than the usual 8, and two thousandths larger.
    memLevel: 9,
    finishFlush: lib.constants.Z_SYNC_FLUSH,
    ...(dictionary === null ? {} : { dictionary }),
  })
  return { bytes, sum: lib.crc32(block), size }
}

/**
 * Started with `eval`: one text that runs from sources, bundles and tests alike. Result and block move, nothing is
 * copied; a small result may lie in memory that others share.
 */
export const workerCode: string = `
const lib = require('node:zlib')
const { parentPort, workerData: job } = require('node:worker_threads')
${compressBlock.toString()}
parentPort.on('message', ({ block, dictionary }) => {
  const packed = ${compressBlock.name}(lib, job, block, dictionary)
  const own = packed.bytes.buffer.byteLength > 131072
  const moved = own ? [packed.bytes.buffer, block.buffer] : [block.buffer]
  parentPort.postMessage({ packed, memory: block.buffer }, moved)
})
`
