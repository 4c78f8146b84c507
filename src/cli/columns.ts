import { cutTo, displayWidth, padTo } from './width.ts'

/** One column of our own tables; those with Docker's names are `table`'s. */
export type Column = {
  readonly head: string
  /** Numbers: their units stand below each other. */
  readonly right?: boolean
  /** Cut down to so many cells where the terminal is narrow. */
  readonly least?: number
  /** Left out where cutting is not enough. */
  readonly spare?: boolean
  /** Colours, put on when the cell has its place. */
  readonly style?: (cell: string, row: number) => string
}

const gap = 3

/**
 * A table that fits a terminal: columns are cut, then left out, rather than broken. Without a width (a pipe, a file) all of
 * it is there.
 */
export function columnTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): string {
  const fitted = fitColumns(columns, rows, width)
  const line = (cells: readonly string[], row: number | null): string =>
    fitted
      .map(({ column, at, cells: room }, place) => {
        const { right, style } = column
        const shown = cutTo(cells[at] ?? '', room)
        const last = place === fitted.length - 1
        const padded = last && !right ? shown : padTo(shown, room, right ? 'left' : 'right')
        return row === null || !style ? padded : style(padded, row)
      })
      .join(' '.repeat(gap))
      .trimEnd()
  const heads = columns.map(({ head }) => head)
  return [line(heads, null), ...rows.map(line)].map((text) => `${text}\n`).join('')
}

type Fitted = { readonly column: Column; readonly at: number; readonly cells: number }

function fitColumns(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): readonly Fitted[] {
  const all = columns.map((column, at) => ({
    ...{ column, at },
    cells: Math.max(displayWidth(column.head), ...rows.map((row) => displayWidth(row[at] ?? ''))),
  }))
  if (width === undefined) return all
  let shown: readonly Fitted[] = all
  for (;;) {
    const cut = cutColumns(shown, tooWide(shown, width))
    if (tooWide(cut, width) === 0) return cut
    const spare = shown.findLast(({ column }) => column.spare)
    if (!spare) return cut
    shown = shown.filter((one) => one !== spare)
  }
}

function tooWide(columns: readonly Fitted[], width: number): number {
  const cells = columns.reduce((sum, column) => sum + column.cells + gap, -gap)
  return Math.max(0, cells - width)
}

/** The widest of those that may be cut gives most. */
function cutColumns(columns: readonly Fitted[], over: number): readonly Fitted[] {
  let [shown, left] = [columns, over]
  while (left > 0) {
    const room = ({ column, cells }: Fitted): number =>
      column.least === undefined ? 0 : cells - column.least
    const widest = shown.filter((one) => room(one) > 0).sort((a, b) => b.cells - a.cells)[0]
    if (!widest) return shown
    shown = shown.map((one) => (one === widest ? { ...one, cells: one.cells - 1 } : one))
    left -= 1
  }
  return shown
}
