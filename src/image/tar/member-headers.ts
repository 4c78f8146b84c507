import { Fault } from '../../base/index.ts'
import { decodePath } from '../path-bytes.ts'
import { blockSize, type TarHeader, type TarKind, tarPadding } from './header.ts'
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

/** What a block was: a member's header, the end, or a header whose `bytes` (padding included) come before it. */
type Step =
  | { readonly kind: 'header'; readonly header: TarHeader }
  | { readonly kind: 'more'; readonly bytes: number }
  | { readonly kind: 'end' }

/** Takes an archive block by block; whoever has the bytes hands them over, waiting for them or not. */
export type Headers = {
  /** The next block that is no body; shorter at the end of the source. Nothing of it is kept. */
  block(bytes: Buffer): Step
  /** The bytes that the last step asked for. */
  extension(bytes: Buffer): void
}

const end: Step = { kind: 'end' }

/** @throws Fault TAR_INVALID, TAR_TRUNCATED, TAR_UNSUPPORTED, TAR_LIMIT from both */
export function headersOf(limits: TarLimits): Headers {
  const global: PaxRecords = new Map()
  let parts: Extensions = {}
  let pending: Ustar | undefined
  let members = 0
  let total = 0
  const finished = (raw: Ustar): Step => {
    const header = finish({ raw, global, ...parts })
    parts = {}
    members += 1
    total += header.size
    if (members > limits.members) throw limit(`more than ${limits.members} members`)
    if (total > limits.bytes) throw limit(`more than ${limits.bytes} bytes of content`)
    return { kind: 'header', header }
  }
  return {
    block: (block) => {
      if (block.length === 0 || isZero(block)) return end
      if (block.length < blockSize) throw truncated('a header')
      const raw = parseUstar(block)
      if (!'xgLK'.includes(raw.type)) return finished(raw)
      if (raw.size > limits.extension)
        throw limit(
          `an extension header of ${raw.size} bytes; at most ${limits.extension} are read`,
        )
      pending = raw
      return { kind: 'more', bytes: raw.size + tarPadding(raw.size) }
    },
    extension: (whole) => {
      if (!pending) return
      if (whole.length < pending.size + tarPadding(pending.size))
        throw truncated('an extension header')
      const body = whole.subarray(0, pending.size)
      if (pending.type === 'x') parts = { ...parts, local: parsePax(body) }
      else if (pending.type === 'g')
        // Copied, because the bytes are the reader's and these records outlive them.
        for (const [key, value] of parsePax(body)) global.set(key, Buffer.from(value))
      else if (pending.type === 'L') parts = { ...parts, longName: decodePath(cString(body)) }
      else parts = { ...parts, longLink: decodePath(cString(body)) }
    },
  }
}

/** What extension headers said about the member that follows them. */
type Extensions = {
  readonly local?: PaxRecords
  readonly longName?: string
  readonly longLink?: string
}

function finish({
  raw,
  global,
  local = noRecords,
  longName,
  longLink,
}: Extensions & { readonly raw: Ustar; readonly global: PaxRecords }): TarHeader {
  if (global.size === 0 && local.size === 0) return plainHeader(raw, longName, longLink)
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
  const name = text('path') ?? longName ?? raw.name
  const kind = kindOf(raw.type, name)
  const size = number('size', raw.size)
  if (size < 0) throw invalid(`negative size of ${JSON.stringify(name)}`)
  const xattrs = xattrsOf(global, local)
  return {
    name,
    kind,
    mode: raw.mode & 0o7777,
    uid: idOf(number('uid', raw.uid), name),
    gid: idOf(number('gid', raw.gid), name),
    size: bodySize(raw.type, kind, name, size),
    mtime: number('mtime', raw.mtime),
    ...(kind === 'symlink' || kind === 'hardlink'
      ? { link: text('linkpath') ?? longLink ?? raw.link }
      : {}),
    ...(kind === 'char' || kind === 'block' ? { device: raw.device } : {}),
    ...(xattrs.size > 0 ? { xattrs } : {}),
  }
}

const noRecords: PaxRecords = new Map()

/** Most members of most archives: nothing of pax to look for. */
function plainHeader(
  raw: Ustar,
  longName: string | undefined,
  longLink: string | undefined,
): TarHeader {
  refuseSparse(raw, [])
  const name = longName ?? raw.name
  const kind = kindOf(raw.type, name)
  const uid = idOf(raw.uid, name)
  const gid = idOf(raw.gid, name)
  const { mtime } = raw
  const mode = raw.mode & 0o7777
  const size = bodySize(raw.type, kind, name, raw.size)
  if (kind === 'symlink' || kind === 'hardlink')
    return { name, kind, mode, uid, gid, size, mtime, link: longLink ?? raw.link }
  if (kind === 'char' || kind === 'block')
    return { name, kind, mode, uid, gid, size, mtime, device: raw.device }
  return { name, kind, mode, uid, gid, size, mtime }
}

/** An owner that Linux can hold: 32 bits, of which -1 means none. Old archives have `nobody` as -2. */
function idOf(id: number, name: string): number {
  if (id >= 0 && id < 0xffff_ffff) return id
  if (id < -1 && id >= -0x8000_0000) return id >>> 0
  throw invalid(`the owner ${id} of ${JSON.stringify(name)}`)
}

/**
 * Go's reader, and so Docker, takes no body for members that are only a header: the same here, or the two would see
 * different files in one archive. A file whose name makes it a directory has one there, which nothing needs.
 */
function bodySize(type: string, kind: TarKind, name: string, size: number): number {
  if (kind === 'dir' && type !== '5' && size > 0)
    throw invalid(`the directory ${JSON.stringify(name)} has content`)
  return kind === 'file' ? size : 0
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

function cString(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

const invalid = (what: string): Fault =>
  new Fault('TAR_INVALID', `the archive is invalid: ${what}`, { kind: 'invalid' })
/** The fault of an archive that is cut off. */
export const truncated = (where: string): Fault =>
  new Fault('TAR_TRUNCATED', `the archive ends in the middle of ${where}`, { kind: 'invalid' })
const limit = (what: string): Fault =>
  new Fault('TAR_LIMIT', `the archive has ${what}`, { kind: 'invalid' })
const unsupported = (what: string, hint?: string): Fault =>
  new Fault('TAR_UNSUPPORTED', `cannot read the archive: ${what}`, { kind: 'invalid', hint })
