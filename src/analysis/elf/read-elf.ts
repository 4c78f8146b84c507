import type { Elf } from '../types.ts'
import { OutOfBounds, type Pages, pagesOf, type ReadAt } from './bytes.ts'
import { type Dynamic, readDynamic } from './dynamic.ts'
import { readVersionDefs, readVersionNeeds } from './versions.ts'

/**
 * What the dynamic loader reads of an ELF file (gABI chapters 4 and 5; gnu symbol versioning of the LSB).
 * Broken and hostile files give undefined or a partial answer; nothing is thrown and work is bounded.
 * @returns undefined when the bytes are not an ELF file
 */
export function readElf(bytes: Uint8Array): Elf | undefined {
  return readElfFrom(
    (offset, length) => bytes.subarray(offset, offset + Math.max(0, length)),
    bytes.byteLength,
  )
}

/** The same over any random access, reading only the pages it needs; `size` is the file's length in bytes. */
export function readElfFrom(readAt: ReadAt, size: number): Elf | undefined {
  const ident = size < 52 ? new Uint8Array(0) : readAt(0, 6)
  if (ident[0] !== 0x7f || ident[1] !== 0x45 || ident[2] !== 0x4c || ident[3] !== 0x46)
    return undefined
  const bits = ident[4] === 1 ? 32 : ident[4] === 2 ? 64 : undefined
  if (bits === undefined || (ident[5] !== 1 && ident[5] !== 2)) return undefined
  const pages = pagesOf(readAt, size, ident[5] === 1)
  return attempt(() => readParts(pages, bits), undefined)
}

type Segment = {
  readonly type: number
  readonly offset: number
  readonly address: number
  readonly size: number
}

const segmentTypes = { load: 1, dynamic: 2, interpreter: 3 } as const
/** Real files have a dozen; PN_XNUM (0xffff) is only for core dumps. */
const maxSegments = 512
const piFlag = 0x08000000

function readParts(pages: Pages, bits: 32 | 64): Elf {
  const segments = attempt(() => readSegments(pages, bits), [])
  const offsetOf = (address: number): number | undefined => {
    const segment = segments.find(
      (one) =>
        one.type === segmentTypes.load &&
        address >= one.address &&
        address < one.address + one.size,
    )
    return segment && segment.offset + (address - segment.address)
  }
  const table = segments.find((one) => one.type === segmentTypes.dynamic)
  const dynamic = table && attempt(() => readDynamic(pages, bits, table, offsetOf), undefined)
  const interpreter = attempt(() => readInterpreter(pages, segments), undefined)
  return {
    bits,
    machine: pages.u16(18),
    type: typeOf(pages.u16(16), dynamic, interpreter),
    ...(interpreter ? { interpreter } : {}),
    ...(dynamic?.soname ? { soname: dynamic.soname } : {}),
    needed: dynamic?.needed ?? [],
    rpath: searchPath(dynamic?.rpath),
    runpath: searchPath(dynamic?.runpath),
    versionNeeds: dynamic ? readVersionNeeds(pages, dynamic) : new Map(),
    versionDefs: dynamic ? readVersionDefs(pages, dynamic) : [],
  }
}

/** Debug files keep the program header without the bytes it points to: what is no text is no path. */
function readInterpreter(pages: Pages, segments: readonly Segment[]): string | undefined {
  const segment = segments.find((one) => one.type === segmentTypes.interpreter)
  if (!segment || segment.size < 2) return undefined
  const path = pages.string(segment.offset)
  return path.length < segment.size && /^[\x20-\x7e]+$/.test(path) ? path : undefined
}

function readSegments(pages: Pages, bits: 32 | 64): readonly Segment[] {
  const wide = bits === 64
  const start = wide ? pages.u64(32) : pages.u32(28)
  const entrySize = pages.u16(wide ? 54 : 42)
  const count = Math.min(pages.u16(wide ? 56 : 44), maxSegments)
  if (entrySize < (wide ? 56 : 32)) return []
  const out: Segment[] = []
  for (let i = 0; i < count; i++) {
    const at = start + i * entrySize
    out.push({
      type: pages.u32(at),
      offset: wide ? pages.u64(at + 8) : pages.u32(at + 4),
      address: wide ? pages.u64(at + 16) : pages.u32(at + 8),
      size: wide ? pages.u64(at + 32) : pages.u32(at + 16),
    })
  }
  return out
}

/** A position-independent program is a shared object by type; DF_1_PIE, or else an interpreter without soname, tells. */
function typeOf(
  type: number,
  dynamic: Dynamic | undefined,
  interpreter: string | undefined,
): Elf['type'] {
  if (type === 1) return 'relocatable'
  if (type === 2) return 'executable'
  if (type !== 3) return 'other'
  const program =
    ((dynamic?.flags1 ?? 0) & piFlag) !== 0 || (!!interpreter && dynamic?.soname === undefined)
  return program ? 'executable' : 'shared'
}

function searchPath(text: string | undefined): readonly string[] {
  return text ? text.split(':').filter(Boolean) : []
}

/** A part that points outside the file is left out; the rest of the answer stands. */
function attempt<T, E>(read: () => T, otherwise: E): T | E {
  try {
    return read()
  } catch (error) {
    if (error instanceof OutOfBounds) return otherwise
    throw error
  }
}
