import type { ByteStream } from '../../base/index.ts'
import { type ByteReader, type ByteSource, byteReader, seekingReader } from './bytes.ts'
import { blockSize, type TarHeader, tarPadding } from './header.ts'
import {
  defaultTarLimits,
  type Headers,
  headersOf,
  type TarLimits,
  truncated,
} from './member-headers.ts'

export type TarMember = {
  readonly header: TarHeader
  /** The body, readable once, before the next member is asked for; what is left unread is skipped. */
  readonly body: ByteStream
  /** Where the body begins, bytes from the start of the archive. */
  readonly offset: number
}

/**
 * Reads ustar, pax (global headers too) and GNU archives member by member in constant memory. Reads to the end of the
 * source, so that a hash over it is complete. Sparse files are refused.
 * @throws Fault TAR_INVALID, TAR_TRUNCATED, TAR_UNSUPPORTED, TAR_LIMIT
 */
export function readTar(
  source: ByteStream,
  limits: TarLimits = defaultTarLimits,
): AsyncGenerator<TarMember, void, undefined> {
  return membersOf(byteReader(source), limits)
}

/** A member of an archive that can be read anywhere: its body is at `offset`, `header.size` bytes long. */
export type TarPlace = Pick<TarMember, 'header' | 'offset'>

/** The same of bytes that can be read anywhere: bodies are passed over, so it costs headers only, and nobody waits. */
export function* scanTar(
  source: ByteSource,
  limits: TarLimits = defaultTarLimits,
): Generator<TarPlace, void, undefined> {
  const reader = seekingReader(source)
  const headers = headersOf(limits)
  for (;;) {
    let step = headers.block(reader.take(blockSize))
    while (step.kind === 'more') {
      headers.extension(reader.take(step.bytes))
      step = headers.block(reader.take(blockSize))
    }
    if (step.kind === 'end') return
    const { header } = step
    yield { header, offset: reader.position() }
    if (!reader.skip(header.size + tarPadding(header.size)))
      throw truncated(JSON.stringify(header.name))
  }
}

async function* membersOf(
  reader: ByteReader,
  limits: TarLimits,
): AsyncGenerator<TarMember, void, undefined> {
  const headers = headersOf(limits)
  try {
    for (
      let header = await nextHeader(reader, headers);
      header !== undefined;
      header = await nextHeader(reader, headers)
    ) {
      const rest = { left: header.size }
      const offset = reader.position()
      yield { header, body: bodyOf(reader, rest, header.name), offset }
      await skip(reader, rest.left + tarPadding(header.size), header.name)
    }
    await reader.drain()
  } finally {
    await reader.close()
  }
}

async function nextHeader(reader: ByteReader, headers: Headers): Promise<TarHeader | undefined> {
  for (;;) {
    const step = headers.block(reader.takeNow(blockSize) ?? (await reader.take(blockSize)))
    if (step.kind === 'end') return undefined
    if (step.kind === 'header') return step.header
    headers.extension(reader.takeNow(step.bytes) ?? (await reader.take(step.bytes)))
  }
}

async function* bodyOf(reader: ByteReader, rest: { left: number }, name: string): ByteStream {
  while (rest.left > 0) {
    const chunk = reader.takeNow(rest.left) ?? (await reader.takeSome(rest.left))
    if (!chunk) throw truncated(JSON.stringify(name))
    rest.left -= chunk.length
    yield chunk
  }
}

async function skip(reader: ByteReader, count: number, name: string): Promise<void> {
  let left = count
  while (left > 0) {
    const chunk = reader.takeNow(left) ?? (await reader.takeSome(left))
    if (!chunk) throw truncated(JSON.stringify(name))
    left -= chunk.length
  }
}
