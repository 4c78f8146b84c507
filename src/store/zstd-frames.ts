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

/** Node 22 takes a frame that was cut for a whole one, so its end is looked for here. */
async function* frame(reader: ByteReader, magic: Buffer): ByteStream {
  const exactly = async (count: number): Promise<Buffer> => {
    const bytes = await reader.take(count)
    if (bytes.length < count) throw damaged()
    return bytes
  }
  yield magic
  const descriptor = await exactly(1)
  yield descriptor
  const bits = descriptor[0] ?? 0
  const single = (bits >> 5) & 1
  const dictionary = [0, 1, 2, 4][bits & 3] ?? 0
  const contentSize = [single, 2, 4, 8][bits >> 6] ?? 0
  yield await exactly(1 - single + dictionary + contentSize)
  for (let last = false; !last; ) {
    const header = await exactly(3)
    yield header
    const value = header.readUIntLE(0, 3)
    last = (value & 1) === 1
    // A run-length block holds the one byte that is repeated.
    yield await exactly(((value >> 1) & 3) === 1 ? 1 : value >> 3)
  }
  if ((bits >> 2) & 1) yield await exactly(4)
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
