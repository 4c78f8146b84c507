import { formatSize } from '../../base/index.ts'
import type { PageData } from './types.ts'

/** Where the template takes its three parts; each stands there once. */
const marks = { title: '%TITLE%', summary: '%SUMMARY%', data: '%DATA%' } as const

/**
 * The page: a template (`dist/page.html`, made from `web/`) with a title, a table for readers without scripts, and the
 * data. Everything that comes from an image or a Dockerfile is escaped or encoded, so no path or label becomes markup.
 * @param encoded the page data as JSON, deflated (raw) and in base64
 */
export function renderPage(template: string, data: PageData, encoded: string): string {
  const parts = {
    title: escapeHtml(`${data.title} · jettison`),
    summary: summaryTable(data),
    data: encoded,
  }
  return template.replace(
    /%(TITLE|SUMMARY|DATA)%/g,
    (mark) =>
      Object.entries(marks)
        .filter(([, text]) => text === mark)
        .map(([name]) => parts[name as keyof typeof parts])[0] ?? mark,
  )
}

function summaryTable({ before, after, report }: PageData): string {
  const rows = [before, ...(after ? [after] : [])].map(
    (image) =>
      `<tr><th scope="row">${escapeHtml(image.reference)}</th><td>${formatSize(image.size)}</td><td>${image.layers.length}</td></tr>`,
  )
  const verdict = report?.verdict ? `<p>Proof: ${escapeHtml(report.verdict)}</p>` : ''
  return `<table><caption>Images</caption><thead><tr><th scope="col">Image</th><th scope="col">Size</th><th scope="col">Layers</th></tr></thead><tbody>${rows.join('')}</tbody></table>${verdict}`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char)
}
