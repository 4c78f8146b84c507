import type { Stream } from '../terminal.ts'
import { displayWidth } from '../width.ts'

const [noWrap, wrap] = ['\u001b[?7l', '\u001b[?7h']
const [clearLine, clearBelow] = ['\u001b[K', '\u001b[J']

/** Lines at the bottom of a terminal that are drawn again and again, below lines that scroll away. */
export type Region = {
  columns(): number
  rows(): number
  /** Prints lines for good and draws the region below them, in one synchronized write. */
  draw(above: readonly string[], lines: readonly string[]): void
}

export function openRegion(stream: Stream): Region {
  let drawn: readonly string[] = []
  // A terminal whose size nobody set says 0.
  const columns = (): number => Math.max(20, stream.columns || 80)
  /** Lines that were drawn before the terminal became narrower take several rows now. */
  const height = (): number =>
    drawn.reduce((sum, line) => sum + Math.max(1, Math.ceil(displayWidth(line) / columns())), 0)
  return {
    columns,
    rows: () => Math.max(4, stream.rows || 24),
    draw: (above, lines) => {
      // The terminal may belong to an app: nothing to say is nothing written.
      if (lines.length === 0 && drawn.length === 0 && above.length === 0) return
      const up = drawn.length > 0 ? `\u001b[${height()}F` : ''
      // Line by line and not all at once: a terminal that keeps what is cleared would keep every picture.
      const write = (line: string): string => `${line}${clearLine}\n`
      const text = above.map((line) => write(line.replaceAll('\n', `${clearLine}\n`))).join('')
      // Without wrapping a line stays one line, however wide its characters are; what is above may wrap.
      const below = lines.length > 0 ? `${noWrap}${lines.map(write).join('')}${wrap}` : ''
      stream.write(
        `\u001b[?2026h${up}${text}${below}${drawn.length > 0 ? clearBelow : ''}\u001b[?2026l`,
      )
      drawn = lines
    },
  }
}
