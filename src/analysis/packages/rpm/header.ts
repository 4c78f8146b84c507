/** Tags of an RPM header that a package list needs (rpmtag.h). */
export const rpmTags = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  group: 1016,
  arch: 1022,
  fileStates: 1029,
  fileModes: 1030,
  fileFlags: 1037,
  sourceRpm: 1044,
  provides: 1047,
  requires: 1049,
  dirIndexes: 1116,
  baseNames: 1117,
  dirNames: 1118,
  recommends: 5046,
} as const

/** Strings or numbers of one tag. */
export type RpmValue = readonly (string | number)[]

/** Entries of one header: a package has some hundred. */
const mostEntries = 100_000
const types = { char: 1, int8: 2, int16: 3, int32: 4, string: 6, stringArray: 8, i18n: 9 } as const

/**
 * A header as the RPM database keeps it: the number of entries and of data bytes, an index of sixteen bytes an entry
 * (tag, type, offset, count), the data; all numbers big-endian (rpm's docs/manual/format_header.md).
 * @returns undefined when the bytes are no header
 */
export function readRpmHeader(bytes: Uint8Array): ReadonlyMap<number, RpmValue> | undefined {
  if (bytes.length < 8) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint32(0)
  const start = 8 + count * 16
  if (count > mostEntries || start + view.getUint32(4) > bytes.length) return undefined
  const wanted = new Set<number>(Object.values(rpmTags))
  const out = new Map<number, RpmValue>()
  for (let entry = 0; entry < count; entry++) {
    const at = 8 + entry * 16
    const tag = view.getUint32(at)
    if (!wanted.has(tag) || out.has(tag)) continue
    const value = tagValue(view, {
      type: view.getUint32(at + 4),
      offset: start + view.getUint32(at + 8),
      count: view.getUint32(at + 12),
    })
    if (value) out.set(tag, value)
  }
  return out
}

type Place = { readonly type: number; readonly offset: number; readonly count: number }

function tagValue(view: DataView, { type, offset, count }: Place): RpmValue | undefined {
  const width =
    type === types.int32
      ? 4
      : type === types.int16
        ? 2
        : type === types.int8 || type === types.char
          ? 1
          : 0
  if (width > 0) {
    if (offset + width * count > view.byteLength) return undefined
    return Array.from({ length: count }, (_, at) =>
      width === 4
        ? view.getUint32(offset + at * 4)
        : width === 2
          ? view.getUint16(offset + at * 2)
          : view.getUint8(offset + at),
    )
  }
  if (type === types.string) return strings(view, offset, 1)
  return type === types.stringArray || type === types.i18n
    ? strings(view, offset, count)
    : undefined
}

const decoder = new TextDecoder()

function strings(view: DataView, offset: number, count: number): readonly string[] | undefined {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  const out: string[] = []
  for (let at = offset; out.length < count; ) {
    const end = bytes.indexOf(0, at)
    if (end < 0) return undefined
    out.push(decoder.decode(bytes.subarray(at, end)))
    at = end + 1
  }
  return out
}
