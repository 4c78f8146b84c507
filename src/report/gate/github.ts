import type { PolicyResult } from '../../gate/index.ts'
import { failures, type GateReport } from './types.ts'

/** GitHub shows ten annotations of a kind for a step and drops the rest without a word. */
const most = 10

/** Workflow commands, one line an annotation. */
export function gateGithub(report: GateReport): string {
  const found = failures(report)
  const undecided = report.results.filter(
    ({ status, level }) => status === 'skip' && level === 'error',
  )
  const errors = found.filter(({ level }) => level === 'error')
  const warnings = found.filter(({ level }) => level === 'warn')
  return [
    ...limited('error', [
      ...errors.map((result) => annotation('error', result, report)),
      ...undecided.map(
        ({ id, found: why }) =>
          `::error title=${property(id)}::${data(`examined nothing: ${why}`)}`,
      ),
    ]),
    ...limited(
      'warning',
      warnings.map((result) => annotation('warning', result, report)),
    ),
    ...limited(
      'notice',
      report.warnings.map((text) => `::notice title=jettison::${data(text)}`),
    ),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

function limited(command: string, lines: readonly string[]): readonly string[] {
  if (lines.length <= most) return lines
  const rest = lines.length - most + 1
  return [
    ...lines.slice(0, most - 1),
    `::${command} title=jettison::${rest} more of them are in the step's summary`,
  ]
}

function annotation(
  command: string,
  { id, line, endLine, title, found, allowed, items, fix }: PolicyResult,
  { repositoryFile }: GateReport,
): string {
  const largest = items.slice(0, 3).map(({ what }) => what.replace(/\s+/g, ' ').slice(0, 120))
  const text = [`${title}: found ${found}, allowed ${allowed}`, ...largest, `fix: ${fix}`]
  const place =
    repositoryFile === null
      ? []
      : [
          `file=${property(repositoryFile)}`,
          `line=${line ?? 1}`,
          ...(endLine === null ? [] : [`endLine=${endLine}`]),
        ]
  return `::${command} ${[...place, `title=${property(id)}`].join(',')}::${data(text.join('\n'))}`
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C')
}
