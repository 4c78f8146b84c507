import { OutOfBounds, type Pages } from './bytes.ts'

/** The entries of PT_DYNAMIC that concern loading; tables are file offsets. */
export type Dynamic = {
  readonly needed: readonly string[]
  readonly soname: string | undefined
  readonly rpath: string | undefined
  readonly runpath: string | undefined
  readonly flags1: number
  /** Offset of the string table. */
  readonly strings: number
  readonly versionNeeds: number | undefined
  readonly versionDefs: number | undefined
}

type Where = { readonly offset: number; readonly size: number }

const tags = {
  needed: 1,
  strings: 5,
  soname: 14,
  rpath: 15,
  runpath: 29,
  flags1: 0x6ffffffb,
  versionDefs: 0x6ffffffc,
  versionNeeds: 0x6ffffffe,
} as const

/** Entries and libraries of one file; far above anything real. */
const maxEntries = 4096
const maxNeeded = 2048

/**
 * Reads the dynamic section; addresses become offsets through `offsetOf`.
 * @throws OutOfBounds when there is no usable string table
 */
export function readDynamic(
  pages: Pages,
  bits: 32 | 64,
  table: Where,
  offsetOf: (address: number) => number | undefined,
): Dynamic {
  const width = bits === 64 ? 8 : 4
  const word = bits === 64 ? pages.u64 : pages.u32
  const count = Math.min(Math.floor(table.size / (2 * width)), maxEntries)
  const values = new Map<number, number>()
  const needed: number[] = []
  for (let i = 0; i < count; i++) {
    const at = table.offset + i * 2 * width
    const tag = word(at)
    if (tag === 0) break
    const value = word(at + width)
    if (tag === tags.needed && needed.length < maxNeeded) needed.push(value)
    else if (!values.has(tag)) values.set(tag, value)
  }
  const strings = offsetOf(values.get(tags.strings) ?? -1)
  if (strings === undefined) throw new OutOfBounds('no string table')
  const text = (offset: number | undefined): string | undefined =>
    offset === undefined ? undefined : textOrNothing(pages, strings + offset)
  const offset = (tag: number): number | undefined => {
    const address = values.get(tag)
    return address === undefined ? undefined : offsetOf(address)
  }
  return {
    needed: needed.map(text).filter((name) => !!name) as string[],
    soname: text(values.get(tags.soname)),
    rpath: text(values.get(tags.rpath)),
    runpath: text(values.get(tags.runpath)),
    flags1: values.get(tags.flags1) ?? 0,
    strings,
    versionNeeds: offset(tags.versionNeeds),
    versionDefs: offset(tags.versionDefs),
  }
}

function textOrNothing(pages: Pages, offset: number): string | undefined {
  try {
    return pages.string(offset)
  } catch {
    return undefined
  }
}
