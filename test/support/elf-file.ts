/** What a made-up ELF file says; see `Elf` for the meaning. */
export type ElfPlan = {
  readonly bits?: 32 | 64
  readonly big?: boolean
  readonly machine?: number
  readonly program?: boolean
  readonly interpreter?: string
  readonly soname?: string
  readonly needed?: readonly string[]
  readonly rpath?: string
  readonly runpath?: string
  readonly versionNeeds?: Readonly<Record<string, readonly string[]>>
  readonly versionDefs?: readonly string[]
}

/**
 * An ELF file with the tables that a loader reads and no code: header, three program headers, then strings, dynamic
 * section and version tables, all in one segment loaded at address 0x10000.
 */
export function elfFile(plan: ElfPlan): Uint8Array {
  const wide = (plan.bits ?? 64) === 64
  const write = writerOf(wide, plan.big ?? false)
  const strings = stringTable()
  const headerSize = wide ? 64 : 52
  const segmentSize = wide ? 56 : 32
  const bodyAt = headerSize + 3 * segmentSize
  const base = 0x10000
  const needs = versionNeeds(write, strings, plan.versionNeeds ?? {})
  const defs = versionDefs(write, strings, plan.versionDefs ?? [])
  const interpreterAt = bodyAt
  const interpreter = text(plan.interpreter ?? '')
  const needsAt = interpreterAt + interpreter.length
  const defsAt = needsAt + needs.length
  const dynamicAt = defsAt + defs.length
  const tags: [number, number][] = [
    ...(plan.needed ?? []).map((name): [number, number] => [1, strings.add(name)]),
    ...optional(14, plan.soname, strings),
    ...optional(15, plan.rpath, strings),
    ...optional(29, plan.runpath, strings),
    ...(needs.length > 0 ? [[0x6ffffffe, base + needsAt] as [number, number]] : []),
    ...(defs.length > 0 ? [[0x6ffffffc, base + defsAt] as [number, number]] : []),
  ]
  const dynamicSize = (tags.length + 2) * (wide ? 16 : 8)
  const stringsAt = dynamicAt + dynamicSize
  const dynamic = [...tags, [5, base + stringsAt], [0, 0]].flatMap((pair) =>
    pair.flatMap(write.word),
  )
  const total = stringsAt + strings.bytes().length
  const segments = [
    write.segment(1, 0, base, total),
    write.segment(2, dynamicAt, base + dynamicAt, dynamicSize),
    write.segment(
      plan.interpreter ? 3 : 0,
      interpreterAt,
      base + interpreterAt,
      interpreter.length,
    ),
  ]
  const ident = [
    0x7f,
    0x45,
    0x4c,
    0x46,
    wide ? 2 : 1,
    plan.big ? 2 : 1,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
  ]
  const header = [
    ...ident,
    ...write.half(plan.program ? 2 : 3),
    ...write.half(plan.machine ?? 62),
    ...write.int(1),
    ...write.word(0),
    ...write.word(headerSize),
    ...write.word(0),
    ...write.int(0),
    ...[headerSize, segmentSize, 3, 0, 0, 0].flatMap(write.half),
  ]
  return Uint8Array.from([
    ...header,
    ...segments.flat(),
    ...interpreter,
    ...needs,
    ...defs,
    ...dynamic,
    ...strings.bytes(),
  ])
}

type Strings = { add(value: string): number; bytes(): number[] }

function stringTable(): Strings {
  const bytes = [0]
  return {
    add: (value) => {
      const at = bytes.length
      bytes.push(...text(value))
      return at
    },
    bytes: () => bytes,
  }
}

type Writer = {
  half(value: number): number[]
  int(value: number): number[]
  word(value: number): number[]
  segment(type: number, offset: number, address: number, size: number): number[]
}

function writerOf(wide: boolean, big: boolean): Writer {
  const number = (value: number, width: number): number[] => {
    const little = Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) % 256)
    return big ? little.reverse() : little
  }
  const word = (value: number): number[] => number(value, wide ? 8 : 4)
  const int = (value: number): number[] => number(value, 4)
  return {
    half: (value) => number(value, 2),
    int,
    word,
    segment: (type, offset, address, size) =>
      wide
        ? [...int(type), ...int(4), ...[offset, address, address, size, size, 1].flatMap(word)]
        : [...int(type), ...[offset, address, address, size, size, 4, 1].flatMap(int)],
  }
}

function versionNeeds(
  write: Writer,
  strings: Strings,
  needs: Readonly<Record<string, readonly string[]>>,
): number[] {
  const entries = Object.entries(needs)
  return entries.flatMap(([file, versions], index) => [
    ...write.half(1),
    ...write.half(versions.length),
    ...write.int(strings.add(file)),
    ...write.int(16),
    ...write.int(index === entries.length - 1 ? 0 : 16 + 16 * versions.length),
    ...versions.flatMap((version, at) => [
      ...write.int(0),
      ...write.half(0),
      ...write.half(2),
      ...write.int(strings.add(version)),
      ...write.int(at === versions.length - 1 ? 0 : 16),
    ]),
  ])
}

function versionDefs(write: Writer, strings: Strings, versions: readonly string[]): number[] {
  return versions.flatMap((version, index) => [
    ...[1, 0, index + 2, 1].flatMap(write.half),
    ...write.int(0),
    ...write.int(20),
    ...write.int(index === versions.length - 1 ? 0 : 28),
    ...write.int(strings.add(version)),
    ...write.int(0),
  ])
}

function optional(tag: number, value: string | undefined, strings: Strings): [number, number][] {
  return value === undefined ? [] : [[tag, strings.add(value)]]
}

function text(value: string): number[] {
  return value === '' ? [] : [...new TextEncoder().encode(value), 0]
}
