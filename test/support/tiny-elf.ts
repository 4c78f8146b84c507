/** A 64-bit x86 shared object that says what it needs and nothing else: header, PT_LOAD, PT_DYNAMIC, strings. */
export function tinyElf({
  needed = [],
  soname,
}: {
  readonly needed?: readonly string[]
  readonly soname?: string
}): Uint8Array {
  const names = [...needed, ...(soname === undefined ? [] : [soname])]
  const strings = Buffer.from(`\0${names.map((name) => `${name}\0`).join('')}`)
  const offsetOf = (index: number): number =>
    names.slice(0, index).reduce((sum, name) => sum + Buffer.byteLength(name) + 1, 1)
  const dynamicAt = 64 + 2 * 56
  const tags = [
    ...needed.map((_, index) => [1, offsetOf(index)] as const),
    ...(soname === undefined ? [] : [[14, offsetOf(needed.length)] as const]),
  ]
  const stringsAt = dynamicAt + (tags.length + 3) * 16
  const all = [...tags, [5, stringsAt] as const, [10, strings.length] as const, [0, 0] as const]
  const file = Buffer.alloc(stringsAt)
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  file.writeUInt16LE(3, 16)
  file.writeUInt16LE(62, 18)
  file.writeUInt32LE(1, 20)
  file.writeBigUInt64LE(64n, 32)
  file.writeUInt16LE(64, 52)
  file.writeUInt16LE(56, 54)
  file.writeUInt16LE(2, 56)
  const total = stringsAt + strings.length
  segment(file, 64, { type: 1, offset: 0, size: total })
  segment(file, 120, { type: 2, offset: dynamicAt, size: all.length * 16 })
  for (const [index, [tag, value]] of all.entries()) {
    file.writeBigUInt64LE(BigInt(tag), dynamicAt + index * 16)
    file.writeBigUInt64LE(BigInt(value), dynamicAt + index * 16 + 8)
  }
  return Buffer.concat([file, strings])
}

function segment(
  file: Buffer,
  at: number,
  { type, offset, size }: { readonly type: number; readonly offset: number; readonly size: number },
): void {
  file.writeUInt32LE(type, at)
  file.writeUInt32LE(4, at + 4)
  for (const [place, value] of [
    [8, offset],
    [16, offset],
    [24, offset],
    [32, size],
    [40, size],
    [48, 8],
  ] as const)
    file.writeBigUInt64LE(BigInt(value), at + place)
}
