import type { HistoryRow, LayerBytes } from '../app/index.ts'
import { formatSize } from '../base/index.ts'
import { columnTable } from './columns.ts'
import { hiddenText } from './hidden-text.ts'
import type { OutView } from './out-view.ts'
import { fitWidth } from './table.ts'

/**
 * What `history --bytes` shows: of each layer what is seen at the end and what is not, and the line that made it.
 * @param entries newest first, as Docker lists them
 * @param bytes by the index of the layer
 */
export function historyText(
  entries: readonly HistoryRow[],
  bytes: readonly LayerBytes[],
  { width, paint }: OutView,
): string {
  const rows = entries.flatMap(({ layer, size, createdBy }) => {
    const found = layer === null ? undefined : bytes[layer]
    if (layer === null || !found) return []
    return [
      [
        ...[String(layer + 1), formatSize(size), formatSize(found.live), hiddenOf(found)],
        found.place ?? (found.base ? 'base' : '–'),
        ...[found.most, createdBy.replace(/\s+/g, ' ')],
      ],
    ]
  })
  const table = columnTable(
    [
      { head: 'LAYER', right: true },
      { head: 'SIZE', right: true },
      { head: 'LIVE', right: true },
      {
        head: 'HIDDEN',
        right: true,
        style: (cell) => (/\d/.test(cell) ? paint('yellow', cell) : cell),
      },
      { head: 'LINE' },
      { head: 'MOST', spare: true },
      { head: 'CREATED BY', least: 24 },
    ],
    rows,
    width,
  )
  const sum = (field: 'overwritten' | 'metadataOnly' | 'deleted'): number =>
    bytes.reduce((total, layer) => total + layer[field], 0)
  const sums = {
    overwritten: sum('overwritten'),
    metadataOnly: sum('metadataOnly'),
    deleted: sum('deleted'),
  }
  return `${table}${fitWidth(hiddenText(sums), width)}`
}

function hiddenOf({ hidden }: LayerBytes): string {
  return hidden === 0 ? '–' : formatSize(hidden)
}
