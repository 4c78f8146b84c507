import type * as zlib from 'node:zlib'

/** What each block of a layer is made into. */
export type BlockJob = { readonly algorithm: 'deflate' | 'zstd'; readonly level: number }

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
): Uint8Array {
  const chunkSize = 262_144
  if (job.algorithm === 'zstd') {
    // Not in the types of the oldest Node we support.
    const names = lib.constants as unknown as Readonly<Record<string, number>>
    const level = Number(names['ZSTD_c_compressionLevel'])
    const options = { chunkSize, params: { [level]: job.level } }
    const compress = lib.zstdCompressSync
    if (!compress) throw new Error('this Node writes no zstd')
    return compress(block, options)
  }
  return lib.deflateRawSync(block, {
    chunkSize,
    level: job.level,
    finishFlush: lib.constants.Z_SYNC_FLUSH,
    ...(dictionary === null ? {} : { dictionary }),
  })
}

/** Started with `eval`: one text that runs from sources, bundles and tests alike. */
export const workerCode: string = `
const lib = require('node:zlib')
const { parentPort, workerData: job } = require('node:worker_threads')
${compressBlock.toString()}
parentPort.on('message', ({ block, dictionary }) => {
  parentPort.postMessage(${compressBlock.name}(lib, job, block, dictionary))
})
`
