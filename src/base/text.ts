/** Marks at the beginning of a text that say how it is encoded (Unicode 16, §23.8); the longer ones are not in use. */
const marks = [
  { encoding: 'utf-16le', bytes: [0xff, 0xfe] },
  { encoding: 'utf-16be', bytes: [0xfe, 0xff] },
] as const

/** The text of a file: UTF-8, or UTF-16 where its first bytes say so, as editors and shells of Windows write it. */
export function decodeText(bytes: Uint8Array): string {
  const marked = marks.find((one) => one.bytes.every((byte, at) => bytes[at] === byte))
  return new TextDecoder(marked?.encoding ?? 'utf-8').decode(bytes)
}
