import { formatSize } from '../../base/index.ts'
import { failures, type GateReport, outcome } from './types.ts'

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
    `<!-- jettison:${report.image.reference.replace(/--+/g, '-')} -->`,
    `### ${icon} ${html(report.image.reference)} · ${formatSize(report.image.size)} · ${word}`,
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
          report.patch.trimEnd(),
          '````',
          '',
          '</details>',
        ]
      : []),
    ...report.warnings.map((text) => `\n> ▲ ${html(text)}`),
    '',
  ].join('\n')
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
  const plain = text.replace(/\s+/g, ' ')
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const pad = plain.startsWith('`') || plain.endsWith('`') ? ' ' : ''
  return `${fence}${pad}${plain}${pad}${fence}`
}
