import { type ByteStream, Fault } from '../base/index.ts'
import { type ByteReader, byteReader } from '../image/index.ts'

const frameMagic = 0xfd2fb528
/** Sixteen numbers, for the user's own data (RFC 8878 §3.1.2); zstd:chunked keeps its index there. */
const skippableMagic = 0x184d2a5

/**
 * Cuts a zstd stream into its frames (RFC 8878 §3.1.1), skippable ones left out. Node's decompressor stops after the
 * first frame and says nothing, but pzstd and zstd:chunked write many. Each frame is to be read before the next.
 * @throws Fault ARCHIVE_CORRUPT
 */
export async function* zstdFrames(source: ByteStream): AsyncGenerator<ByteStream, void> {
  const reader = byteReader(source)
  try {
    for (let magic = await reader.take(4); magic.length > 0; magic = await reader.take(4)) {
      if (magic.length < 4) throw damaged()
      const number = magic.readUInt32LE()
      if (number >>> 4 === skippableMagic) await skip(reader)
      else if (number === frameMagic) yield frame(reader, magic)
      else throw damaged()
    }
  } finally {
    await reader.close()
  }
}

/** A cut frame ends early: the decompressor finds that out. */
async function* frame(reader: ByteReader, magic: Buffer): ByteStream {
  yield magic
  const descriptor = await reader.take(1)
  yield descriptor
  const bits = descriptor[0] ?? 0
  const single = (bits >> 5) & 1
  const dictionary = [0, 1, 2, 4][bits & 3] ?? 0
  const contentSize = [single, 2, 4, 8][bits >> 6] ?? 0
  yield await reader.take(1 - single + dictionary + contentSize)
  for (let last = false; !last; ) {
    const header = await reader.take(3)
    yield header
    if (header.length < 3) return
    const value = header.readUIntLE(0, 3)
    last = (value & 1) === 1
    // A run-length block holds the one byte that is repeated.
    yield await reader.take(((value >> 1) & 3) === 1 ? 1 : value >> 3)
  }
  if ((bits >> 2) & 1) yield await reader.take(4)
}

async function skip(reader: ByteReader): Promise<void> {
  const size = await reader.take(4)
  if (size.length < 4) throw damaged()
  let left = size.readUInt32LE()
  while (left > 0) {
    const chunk = await reader.takeSome(left)
    if (!chunk) throw damaged()
    left -= chunk.length
  }
}

function damaged(): Fault {
  return new Fault('ARCHIVE_CORRUPT', 'the zstd archive is damaged', { kind: 'invalid' })
}
