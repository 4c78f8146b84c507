import { printable } from '../terminal.ts'

/** The output of one step as lines, whatever pieces it comes in. */
export type OutputLines = {
  /** The lines that these bytes complete. */
  take(bytes: Uint8Array): readonly string[]
  /** What is written of the next line, empty at the beginning of one. */
  rest(): string
}

/** Characters after which a line is taken for ended: what writes no newline for ever is not kept for ever. */
const longest = 1 << 16

/** A line that was rewritten after carriage returns is what a terminal shows at its end: the last text. */
export function outputLines(): OutputLines {
  const decoder = new TextDecoder()
  let partial = ''
  return {
    take: (bytes) => {
      const lines = (partial + decoder.decode(bytes, { stream: true })).split('\n')
      // A progress bar that is never ended is one line, however often it was drawn.
      partial = lastWritten(lines.pop() ?? '')
      if (partial.length > longest) {
        lines.push(partial)
        partial = ''
      }
      return lines.map(shown)
    },
    rest: () => shown(partial),
  }
}

/** Without what was written over; a return at the very end has not been written over yet. */
function lastWritten(line: string): string {
  const end = line.endsWith('\r') ? line.length - 1 : line.length
  return line.slice(line.lastIndexOf('\r', end - 1) + 1)
}

function shown(line: string): string {
  return printable(lastWritten(line)).replaceAll('\t', '    ')
}
