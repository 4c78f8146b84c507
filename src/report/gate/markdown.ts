import { formatSize } from '../../base/index.ts'
import { percentChange } from '../bars.ts'
import { failures, type GateReport, outcome, subjectName } from './types.ts'

/** A line of evidence may be a whole RUN, and a page has a limit. */
const widest = 240
const patchLines = 400

/** For a step summary or a comment; begins with a mark by which a comment can be found again. */
export function gateMarkdown(report: GateReport): string {
  const { word, errors, warnings, passed, skipped } = outcome(report)
  const icon = { PASS: '✅', FAIL: '❌', UNDECIDED: '⚠️' }[word]
  const rows = report.results.map(({ id, status, level, found, allowed }) => {
    const text = status === 'fail' ? (level === 'warn' ? '▲ warn' : '✖ fail') : status
    return `| ${cell(id)} | ${text} | ${cell(found)} | ${cell(allowed)} |`
  })
  const details = failures(report).flatMap((result) => [
    '',
    `<details><summary><b>${html(result.id)}</b>: ${html(result.found)}${result.line === null || report.dockerfile === null ? '' : ` (${html(report.dockerfile)}:${result.line})`}</summary>`,
    '',
    ...result.evidence.slice(0, 10).map((text) => `- ${code(text)}`),
    ...result.notCounted.map((text) => `- not counted: ${html(text)}`),
    '',
    `${html(result.why)}. **Fix:** ${html(result.fix)}.`,
    '',
    '</details>',
  ])
  return [
    `<!-- jettison:${subjectName(report).replace(/--+/g, '-')} -->`,
    `### ${icon} ${html(report.image.reference)} · ${formatSize(report.image.size)}${change(report)} · ${word}`,
    '',
    `${passed} passed, ${errors} failed, ${warnings} warnings, ${skipped} not evaluable`,
    '',
    '| policy | | found | allowed |',
    '|---|---|---|---|',
    ...rows,
    ...details,
    ...(report.patch
      ? [
          '',
          '<details><summary>What <code>jettison slim</code> would write</summary>',
          '',
          '````diff',
          ...patchOf(report.patch),
          '````',
          '',
          '</details>',
        ]
      : []),
    ...report.warnings.map((text) => `\n> ▲ ${html(text)}`),
    '',
  ].join('\n')
}

function patchOf(patch: string): readonly string[] {
  const lines = patch.trimEnd().split('\n')
  const rest = lines.length - patchLines
  return rest > 0 ? [...lines.slice(0, patchLines), `… ${rest} more lines`] : lines
}

/** Beside the baseline, where there is one. */
function change({ image, baseline }: GateReport): string {
  if (!baseline) return ''
  const delta = image.size - baseline.size
  const sign = delta < 0 ? '−' : '+'
  return ` (${sign}${formatSize(Math.abs(delta))}, ${percentChange(baseline.size, image.size)} beside ${html(baseline.reference)})`
}

function html(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/([*_`[\]])/g, '\\$1')
}

function cell(text: string): string {
  return html(text).replace(/\|/g, '\\|')
}

/** A code span whose fence is longer than any run of backticks inside. */
function code(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  const plain = line.length > widest ? `${line.slice(0, widest - 1)}…` : line
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${plain}${pad}${fence}`
}
