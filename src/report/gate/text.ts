import { formatSize } from '../../base/index.ts'
import type { PolicyResult } from '../../gate/index.ts'
import { noPaint, type Paint } from '../paint.ts'
import { type GateReport, outcome } from './types.ts'

/** Lines of evidence; the JSON has all of them. */
const shown = 5
const widest = 110
const patchLines = 24

/** As a person reads it: found and allowed, the largest evidence, what was not counted, why, and the fix. */
export function gateText(report: GateReport, paint: Paint = noPaint): string {
  const { word, errors, warnings, passed, skipped } = outcome(report)
  const colour = ({ PASS: 'green', FAIL: 'red', UNDECIDED: 'yellow' } as const)[word]
  const open = report.results.filter(({ status }) => status !== 'pass')
  const told = warnings > 0 ? `, ${warnings} warning${warnings === 1 ? '' : 's'}` : ''
  return [
    ...report.results.map((result) => one(result, report, paint)),
    ...patch(report, paint),
    ...report.warnings.map((line) => `${paint('yellow', '▲ note')}  ${line}\n`),
    ...(open.length > 0 ? [`\nmore: ${more(open, report)}\n`] : []),
    `\n${paint(colour, word)}  ${passed} passed, ${errors} failed${told}, ${skipped} not evaluable  ${sizes(report)}  (${report.policyFile})\n`,
  ].join('')
}

/** The image beside the limit for its size, and beside the baseline. */
function sizes({ image, baseline }: GateReport): string {
  const size = image.size > 0 ? ` ${formatSize(image.size)}` : ''
  return `${image.reference}${size}${baseline ? `, was ${formatSize(baseline.size)}` : ''}`
}

function more(open: readonly PolicyResult[], { image }: GateReport): string {
  const names = open.map(({ id }) => id)
  const what = names.length > 1 ? 'POLICY' : names.join('')
  const path = open.some(({ items }) => items.some((item) => item.path !== undefined))
  const inside = path
    ? `; jettison explain PATH --in ${image.id.replace('sha256:', '').slice(0, 12)}`
    : ''
  return `jettison explain ${what}${inside}`
}

function one(result: PolicyResult, { dockerfile }: GateReport, paint: Paint): string {
  const { id, title, found, allowed, evidence, items, notCounted, why, fix, level, line, status } =
    result
  const mark =
    status === 'pass'
      ? paint('green', '✔ pass')
      : status === 'skip'
        ? paint('yellow', '– skip')
        : level === 'warn'
          ? paint('yellow', '▲ warn')
          : paint('red', '✖ fail')
  const place =
    status === 'fail' && line !== null && dockerfile !== null ? `  ${dockerfile}:${line}` : ''
  // What an app answered may have lines of its own.
  const head = `${mark}  ${id}  ${title}: ${found.replace(/\s+/g, ' ')}${place}\n`
  if (status === 'pass') return head
  const rest = items.slice(shown)
  const bytes = rest.reduce((sum, item) => sum + (item.bytes ?? 0), 0)
  return [
    head,
    row('allowed', allowed),
    ...evidence.slice(0, shown).map((text) => row('found', shortened(text))),
    ...(rest.length > 0
      ? [row('', `… ${rest.length} more${bytes > 0 ? `, ${formatSize(bytes)}` : ''}`)]
      : []),
    ...notCounted.map((text) => row('not', `counted: ${text}`)),
    row('why', why),
    row('fix', fix),
  ].join('')
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > widest ? `${line.slice(0, widest - 1)}…` : line
}

function row(word: string, text: string): string {
  return `        ${word.padEnd(7)}  ${text}\n`
}

function patch({ patch: text }: GateReport, paint: Paint): readonly string[] {
  if (text === null || text === '') return []
  const lines = text.trimEnd().split('\n')
  const more = lines.length - patchLines
  return [
    `\n${paint('bold', 'what jettison slim would write')} (it builds, runs and proves both before it hands it over)\n`,
    ...lines.slice(0, patchLines).map((line) => `  ${line}\n`),
    ...(more > 0 ? [`  … ${more} more lines\n`] : []),
  ]
}
