import type { Section } from './compare-text.ts'

/** Tables as GitHub and GitLab show them; signs and bars that only fill a terminal are left out. */
export function markdownTables(sections: readonly Section[]): string {
  return sections
    .map(({ columns, rows }) => {
      const kept = columns.flatMap((column, at) => (column.spare ? [] : [{ ...column, at }]))
      const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`
      const body = rows.map((row) => line(kept.map(({ at }) => row[at] ?? '')))
      const heads = line(kept.map(({ head }) => head))
      return `${heads}|${kept.map(({ right }) => (right ? ' ---: |' : ' --- |')).join('')}\n${body.join('')}`
    })
    .join('\n')
}

/** Nothing of a name or a value becomes markup. */
function cell(text: string): string {
  return text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_<>|[\]~]/g, '\\$&')
}
