import type { Paint } from '../report/index.ts'
import { toAscii } from './ascii.ts'

export type Stream = {
  write(text: string | Uint8Array): unknown
  readonly isTTY?: boolean
  readonly columns?: number | undefined
  readonly rows?: number | undefined
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const

/** Colours by the 16 ANSI names only; off when the stream is no terminal or NO_COLOR is set. */
export function painter(on: boolean): Paint {
  return (style, text) => (on ? `\u001b[${codes[style]}m${text}\u001b[0m` : text)
}

const [esc, bell] = ['\u001b', '\u0007']
/** ECMA-48 control sequences (CSI) and operating system commands (OSC), such as a window title. */
const sequences = new RegExp(
  `${esc}\\[[0-9;?]*[ -/]*[@-~]|${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)`,
  'g',
)

/** Control characters of RUN output and file names cannot move the cursor or recolour the terminal. */
export function printable(text: string): string {
  return text.replace(sequences, '').replace(/(?![\t\n])\p{Cc}/gu, '')
}

const ownColours = new RegExp(`(${esc}\\[(?:0|${Object.values(codes).join('|')})m)`)

/** A result with our colours in it, as a terminal may have it: texts of an image or a file cannot steer the terminal. */
export function forTerminal(written: string, ascii = false): string {
  const text = ascii ? toAscii(written) : written
  if (!/(?![\t\n])\p{Cc}/u.test(text)) return text
  return text
    .split(ownColours)
    .map((part, at) => (at % 2 === 1 ? part : printable(part)))
    .join('')
}
