import { type ByteStream, Fault } from '../../base/index.ts'
import { decodePath } from '../path-bytes.ts'
import { type ByteReader, type ByteSource, byteReader, seekingReader } from './bytes.ts'
import { type TarHeader, type TarKind, tarPadding } from './header.ts'
import { type PaxRecords, parsePax, paxNumber } from './pax.ts'
import { isZero, parseUstar, type Ustar } from './ustar.ts'

/** What an archive may cost its reader. */
export type TarLimits = {
  /** Bytes of one pax or GNU extension header. */
  readonly extension: number
  readonly members: number
  /** Sum of all bodies, bytes. */
  readonly bytes: number
}

/** One MiB as in Go's archive/tar; ten million members and a tebibyte are far above any real layer. */
export const defaultTarLimits: TarLimits = {
  extension: 1 << 20,
  members: 10_000_000,
  bytes: 2 ** 40,
}

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

/** The same of bytes that can be read anywhere: bodies that nobody asks for are passed over, so it costs headers only. */
export function scanTar(
  source: ByteSource,
  limits: TarLimits = defaultTarLimits,
): AsyncGenerator<TarMember, void, undefined> {
  return membersOf(seekingReader(source), limits)
}

async function* membersOf(
  reader: ByteReader,
  limits: TarLimits,
): AsyncGenerator<TarMember, void, undefined> {
  const global: PaxRecords = new Map()
  let members = 0
  let bytes = 0
  try {
    for (
      let header = await nextHeader(reader, global, limits);
      header !== undefined;
      header = await nextHeader(reader, global, limits)
    ) {
      members += 1
      bytes += header.size
      if (members > limits.members) throw limit(`more than ${limits.members} members`)
      if (bytes > limits.bytes) throw limit(`more than ${limits.bytes} bytes of content`)
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

async function nextHeader(
  reader: ByteReader,
  global: PaxRecords,
  limits: TarLimits,
): Promise<TarHeader | undefined> {
  let local: PaxRecords = new Map()
  let longName: string | undefined
  let longLink: string | undefined
  for (;;) {
    const block = reader.takeNow(512) ?? (await reader.take(512))
    if (block.length === 0 || isZero(block)) return undefined
    if (block.length < 512) throw truncated('a header')
    const raw = parseUstar(block)
    if (!'xgLK'.includes(raw.type)) return finish({ raw, global, local, longName, longLink })
    const body = await extension(reader, raw, limits)
    if (raw.type === 'x') local = parsePax(body)
    else if (raw.type === 'g') for (const [key, value] of parsePax(body)) global.set(key, value)
    else if (raw.type === 'L') longName = decodePath(cString(body))
    else longLink = decodePath(cString(body))
  }
}

async function extension(reader: ByteReader, raw: Ustar, limits: TarLimits): Promise<Buffer> {
  if (raw.size > limits.extension)
    throw limit(`an extension header of ${raw.size} bytes; at most ${limits.extension} are read`)
  const whole = raw.size + tarPadding(raw.size)
  const body = await reader.take(whole)
  if (body.length < whole) throw truncated('an extension header')
  return body.subarray(0, raw.size)
}

function finish(parts: {
  readonly raw: Ustar
  readonly global: PaxRecords
  readonly local: PaxRecords
  readonly longName: string | undefined
  readonly longLink: string | undefined
}): TarHeader {
  const { raw, global, local, longName, longLink } = parts
  const pax = (key: string): Buffer | undefined => {
    const value = local.get(key) ?? global.get(key)
    return value && value.length > 0 ? value : undefined
  }
  const number = (key: string, fallback: number): number => {
    const value = pax(key)
    return value ? paxNumber(value) : fallback
  }
  const text = (key: string): string | undefined => {
    const value = pax(key)
    return value && decodePath(value)
  }
  refuseSparse(raw, [...global.keys(), ...local.keys()])
  const name = text('path') ?? longName ?? decodePath(raw.name)
  const kind = kindOf(raw.type, name)
  const size = number('size', raw.size)
  if (size < 0) throw invalid(`negative size of ${JSON.stringify(name)}`)
  const xattrs = xattrsOf(global, local)
  return {
    name,
    kind,
    mode: raw.mode & 0o7777,
    uid: number('uid', raw.uid),
    gid: number('gid', raw.gid),
    // Go's reader, and so Docker, takes no body for members that are only a header: the same here, or the two would
    // see different files in one archive.
    size: kind === 'file' ? size : 0,
    mtime: number('mtime', raw.mtime),
    ...(kind === 'symlink' || kind === 'hardlink'
      ? { link: text('linkpath') ?? longLink ?? decodePath(raw.link) }
      : {}),
    ...(kind === 'char' || kind === 'block' ? { device: raw.device } : {}),
    ...(xattrs.size > 0 ? { xattrs } : {}),
  }
}

function kindOf(type: string, name: string): TarKind {
  switch (type) {
    // Before POSIX a directory was a file whose name ends in a slash.
    case '0':
    case '\0':
    case '7':
      return name.endsWith('/') ? 'dir' : 'file'
    case '1':
      return 'hardlink'
    case '2':
      return 'symlink'
    case '3':
      return 'char'
    case '4':
      return 'block'
    case '5':
      return 'dir'
    case '6':
      return 'fifo'
    default:
      throw unsupported(
        `member ${JSON.stringify(name)} has the unknown type ${JSON.stringify(type)}`,
      )
  }
}

function xattrsOf(...sources: readonly PaxRecords[]): Map<string, Uint8Array> {
  const prefix = 'SCHILY.xattr.'
  const out = new Map<string, Uint8Array>()
  for (const records of sources)
    for (const [key, value] of records)
      if (key.startsWith(prefix)) out.set(key.slice(prefix.length), Uint8Array.from(value))
  return out
}

function refuseSparse(raw: Ustar, paxKeys: readonly string[]): void {
  if (raw.type === 'S' || paxKeys.some((key) => key.startsWith('GNU.sparse.')))
    throw unsupported('the archive holds a sparse file', 'Write the archive without --sparse.')
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
  if (reader.skip) {
    const before = reader.position()
    reader.skip(left)
    if (reader.position() - before < left) throw truncated(JSON.stringify(name))
    return
  }
  while (left > 0) {
    const chunk = reader.takeNow(left) ?? (await reader.takeSome(left))
    if (!chunk) throw truncated(JSON.stringify(name))
    left -= chunk.length
  }
}

function cString(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

const invalid = (what: string): Fault =>
  new Fault('TAR_INVALID', `the archive is invalid: ${what}`, { kind: 'invalid' })
const truncated = (where: string): Fault =>
  new Fault('TAR_TRUNCATED', `the archive ends in the middle of ${where}`, { kind: 'invalid' })
const limit = (what: string): Fault =>
  new Fault('TAR_LIMIT', `the archive has ${what}`, { kind: 'invalid' })
const unsupported = (what: string, hint?: string): Fault =>
  new Fault('TAR_UNSUPPORTED', `cannot read the archive: ${what}`, { kind: 'invalid', hint })
