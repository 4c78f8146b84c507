/** What a terminal shows of what was written to it: enough of ECMA-48 for our own progress, and nothing else is taken. */
export type Screen = {
  readonly write: (text: string | Uint8Array) => void
  /** All lines so far, those that have scrolled away included, without blanks at their ends. */
  readonly lines: () => readonly string[]
  columns: number
  rows: number
}

type Cells = { put(char: string): void; control(code: string): void }

export function openScreen(columns: number, rows = 24): Screen {
  const lines: string[][] = [[]]
  let [row, column, wraps] = [0, 0, true]
  const screen = {
    columns,
    rows,
    lines: () => lines.map((line) => line.join('').trimEnd()).slice(0, row + (column > 0 ? 1 : 0)),
    write: (text: string | Uint8Array): void => {
      const written = typeof text === 'string' ? text : new TextDecoder().decode(text)
      for (const [, code, char = ''] of written.matchAll(parts))
        if (code === undefined) cells.put(char)
        else cells.control(code)
    },
  }
  const line = (): string[] => (lines[row] ??= [])
  const cells: Cells = {
    put: (char) => {
      if (char === '\n') [row, column] = [row + 1, 0]
      else if (char === '\r') column = 0
      else {
        const width = /\p{Script=Han}/u.test(char) ? 2 : 1
        if (column + width > screen.columns) {
          if (!wraps) return
          ;[row, column] = [row + 1, 0]
        }
        line().splice(column, width, char, ...(width === 2 ? [''] : []))
        column += width
      }
      lines[row] ??= []
    },
    control: (code) => {
      // A terminal has no more rows than it has: nothing above them can be reached.
      if (code.endsWith('F')) {
        row = Math.max(row - Number(code.slice(0, -1)), lines.length - screen.rows, 0)
        column = 0
      } else if (code === 'K') line().splice(column)
      else if (code === 'J') {
        line().splice(column)
        lines.splice(row + 1)
      } else if (code === '?7l') wraps = false
      else if (code === '?7h') wraps = true
      else if (!/^(?:\?2026[hl]|[0-9;]*m)$/.test(code)) throw new Error(`unknown control ${code}`)
    },
  }
  return screen
}

const esc = '\u001b'
const parts = new RegExp(`${esc}\\[([?0-9;]*[A-Za-z])|([\\s\\S])`, 'gu')
