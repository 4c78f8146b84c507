import type { PolicyResult } from '../../gate/index.ts'
import { noPaint, type Paint } from '../paint.ts'
import { type GateReport, outcome } from './types.ts'

const shown = 8
const patchLines = 24

/** As a person reads it: found and allowed, the largest evidence, what was not counted, why, and the fix. */
export function gateText(report: GateReport, paint: Paint = noPaint): string {
  const { word, errors, warnings, passed, skipped } = outcome(report)
  const colour = ({ PASS: 'green', FAIL: 'red', UNDECIDED: 'yellow' } as const)[word]
  const told = warnings > 0 ? `, ${warnings} warning${warnings === 1 ? '' : 's'}` : ''
  return [
    ...report.results.map((result) => one(result, report, paint)),
    ...patch(report, paint),
    ...report.warnings.map((line) => `${paint('yellow', '▲ note')}  ${line}\n`),
    `\n${paint(colour, word)}  ${passed} passed, ${errors} failed${told}, ${skipped} not evaluable  (${report.policyFile})\n`,
  ].join('')
}

function one(result: PolicyResult, { dockerfile }: GateReport, paint: Paint): string {
  const { id, title, found, allowed, evidence, notCounted, why, fix, level, line, status } = result
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
  const head = `${mark}  ${id}  ${title}: ${found}${place}\n`
  if (status === 'pass') return head
  const more = evidence.length - shown
  return [
    head,
    row('allowed', allowed),
    ...evidence
      .slice(0, shown)
      .map((text) => row('found', text.replace(/\s+/g, ' ').slice(0, 200))),
    ...(more > 0 ? [row('', `… ${more} more`)] : []),
    ...notCounted.map((text) => row('not', `counted: ${text}`)),
    row('why', why),
    row('fix', fix),
  ].join('')
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
