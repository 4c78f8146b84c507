import { escapeHtml } from './escape-html.ts'
import { summaryOf } from './summary.ts'
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
    summary: summaryOf(data),
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
