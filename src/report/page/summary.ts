import { formatSize } from '../../base/index.ts'
import { escapeHtml } from './escape-html.ts'
import type { PageData } from './types.ts'

/** The page for readers without scripts, as HTML: the images, the bytes by category, the acceptance list, the verdict. */
export function summaryOf(data: PageData): string {
  const { report } = data
  const verdict = report?.verdict
    ? `<p>Proof: ${escapeHtml(report.verdict)}${report.standInBases ? ' (stand-in bases)' : ''}</p>`
    : ''
  const refusal = report?.refusal
    ? `<p>Refused: ${escapeHtml(`${report.refusal.code}: ${report.refusal.message}`)}</p>`
    : ''
  return [imageTable(data), verdict, refusal, acceptanceList(data), categoryTable(data)].join('')
}

function imageTable({ before, after }: PageData): string {
  const rows = [before, ...(after ? [after] : [])].map((image) => [
    image.reference,
    formatSize(image.size),
    String(image.layers.length),
  ])
  return table('Images', ['Image', 'Size', 'Layers'], rows)
}

function acceptanceList({ report }: PageData): string {
  const items = (report?.acceptance ?? []).map(
    ({ pass, title, found, allowed }) =>
      `<li>${escapeHtml(`${pass ? 'pass' : 'fail'}: ${title}; found ${found}, allowed ${allowed}`)}</li>`,
  )
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>`
}

function categoryTable({ before, after }: PageData): string {
  const rest = new Map(after?.categories.map(({ id, bytes }) => [id, bytes]))
  const rows = before.categories.map(({ id, title, bytes }) => [
    title,
    formatSize(bytes),
    ...(after ? [formatSize(rest.get(id) ?? 0)] : []),
  ])
  return table('Bytes by category', ['Category', 'Before', ...(after ? ['After'] : [])], rows)
}

function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const head = heads.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('')
  const body = rows.map(([first = '', ...others]) => {
    const cells = others.map((text) => `<td>${escapeHtml(text)}</td>`).join('')
    return `<tr><th scope="row">${escapeHtml(first)}</th>${cells}</tr>`
  })
  return `<table><caption>${caption}</caption><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`
}
