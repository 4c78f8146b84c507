import type { Comparison } from '../app/index.ts'
import { formatSize } from '../base/index.ts'
import { bar, noPaint, type Paint, percentChange } from '../report/index.ts'
import type { Column } from './columns.ts'

/** One table of a comparison. */
export type Section = {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
}

/** Rows of the largest changes. */
const mostChanges = 10
/** Below this it is not worth a row. */
const leastMoved = 100_000

/** What `compare` shows: sums, categories, largest changes, what moved, configuration; empty tables are left out. */
export function sectionsOf(result: Comparison, paint: Paint = noPaint): readonly Section[] {
  return [sums, categories, changes, moves, configuration]
    .map((section) => section(result, paint))
    .filter(({ rows }) => rows.length > 0)
}

/** `21 packages less, 3 more`. */
export function packageChange({ removed, added }: Comparison): string {
  return `${removed.length} packages less, ${added.length} more`
}

function sides({ before, after }: Comparison): readonly Column[] {
  return [
    { head: before.name, right: true, least: 10 },
    { head: after.name, right: true, least: 10 },
  ]
}

function sums(result: Comparison, paint: Paint): Section {
  const { before, after } = result
  const row = (title: string, format: (value: number) => string, x: number, y: number) => [
    ...[title, format(x), format(y), signed(y - x, format), percentChange(x, y)],
  ]
  const packed =
    before.compressed === null || after.compressed === null
      ? []
      : [row('compressed', formatSize, before.compressed, after.compressed)]
  return {
    columns: [
      { head: '' },
      ...sides(result),
      { head: 'CHANGE', right: true, style: bySign(paint) },
      { head: '', right: true },
    ],
    rows: [
      row('size (layers)', formatSize, before.size, after.size),
      row('visible', formatSize, before.visible, after.visible),
      ...packed,
      row('layers', String, before.layers, after.layers),
      row('packages', String, before.packages, after.packages),
      row('ballast', formatSize, before.ballast, after.ballast),
    ],
  }
}

function categories(result: Comparison, paint: Paint): Section {
  const shown = result.categories.filter(({ before, after }) => before + after > 0)
  const changed = shown.map(({ before, after }) => Math.abs(after - before))
  const widest = Math.max(1, ...changed)
  return {
    columns: [
      { head: 'BY CATEGORY', least: 24 },
      ...sides(result),
      { head: 'CHANGE', right: true, style: bySign(paint) },
      { head: '', spare: true },
    ],
    rows: shown.map(({ title, ballast, before, after }) => [
      `${ballast ? '▼' : ' '} ${title}`,
      before === 0 ? '–' : formatSize(before),
      after === 0 ? '–' : formatSize(after),
      signed(after - before, formatSize),
      bar(Math.abs(after - before), widest, 14),
    ]),
  }
}

function changes({ changes: all }: Comparison, paint: Paint): Section {
  return {
    columns: [
      { head: 'LARGEST CHANGES', right: true, style: bySign(paint) },
      { head: '', spare: true },
      { head: 'ORIGIN', least: 16 },
      { head: 'WHERE', least: 12 },
    ],
    rows: all
      .slice(0, mostChanges)
      .map(({ what, path, before, after }) => [
        signed(after - before, formatSize),
        before === 0 ? 'new' : after === 0 ? 'gone' : 'changed',
        what,
        path,
      ]),
  }
}

function moves({ moves: all }: Comparison): Section {
  return {
    columns: [
      { head: 'MOVED UNCHANGED', right: true },
      { head: 'FILES', right: true },
      { head: 'FROM', least: 12 },
      { head: 'TO', least: 12 },
    ],
    rows: all
      .filter(({ bytes }) => bytes >= leastMoved)
      .slice(0, 5)
      .map(({ bytes, files, from, to }) => [formatSize(bytes), String(files), from, to]),
  }
}

function configuration(result: Comparison): Section {
  const { before, after } = result
  return {
    columns: [
      { head: 'CONFIGURATION', least: 13 },
      { head: before.name, least: 16 },
      { head: after.name, least: 16 },
    ],
    rows: result.config.flatMap(({ field, before: x, after: y }) =>
      parts(field, JSON.parse(x), JSON.parse(y)),
    ),
  }
}

/** Variables, labels and ports one by one; anything else as JSON. */
function parts(field: string, before: unknown, after: unknown): readonly (readonly string[])[] {
  const [x, y] = [entriesOf(field, before), entriesOf(field, after)]
  if (!x || !y)
    return [[field, ...[before, after].map((value) => (value === null ? '–' : text(value)))]]
  return [...new Set([...x.keys(), ...y.keys()])]
    .filter((key) => x.get(key) !== y.get(key))
    .map((key) => [`${field} ${key}`, x.get(key) ?? '–', y.get(key) ?? '–'])
}

function entriesOf(field: string, value: unknown): ReadonlyMap<string, string> | undefined {
  if (value === null) return new Map()
  if (field === 'Env' && Array.isArray(value))
    return new Map(value.map((pair) => split(String(pair))))
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  return new Map(
    Object.entries(value as object).map(([key, one]) => [key, isEmpty(one) ? 'yes' : text(one)]),
  )
}

function split(pair: string): readonly [string, string] {
  const at = pair.indexOf('=')
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
}

/** `{}` stands for "there", as in ExposedPorts. */
function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Less is what is wanted; the sign says it without colours, too. */
function bySign(paint: Paint): (cell: string) => string {
  return (cell) =>
    cell.includes('−') ? paint('green', cell) : cell.includes('+') ? paint('red', cell) : cell
}

function signed(value: number, format: (value: number) => string): string {
  return value === 0 ? '0' : `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`
}
