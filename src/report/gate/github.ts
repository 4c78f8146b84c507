import { failures, type GateReport } from './types.ts'

/** GitHub shows ten annotations of a kind for a step and drops the rest without a word. */
const shown = 9

/** Workflow commands, one line an annotation. */
export function gateGithub(report: GateReport): string {
  const file = report.dockerfile ?? 'Dockerfile'
  const lines = (['error', 'warn'] as const).flatMap((level) => {
    const found = failures(report).filter((result) => result.level === level)
    const command = level === 'error' ? 'error' : 'warning'
    const rest = found.length - shown
    return [
      ...found.slice(0, shown).map(({ id, line, title, found: what, allowed, items, fix }) => {
        const largest = items
          .slice(0, 3)
          .map((item) => item.what.replace(/\s+/g, ' ').slice(0, 120))
        const text = [`${title}: found ${what}, allowed ${allowed}`, ...largest, `fix: ${fix}`]
        return `::${command} file=${property(file)},line=${line ?? 1},title=${property(id)}::${data(text.join('\n'))}`
      }),
      ...(rest > 0
        ? [`::${command} title=jettison::${rest} more of them are in the step's summary`]
        : []),
    ]
  })
  const undecided = report.results
    .filter(({ status, level }) => status === 'skip' && level === 'error')
    .map(({ id, found }) => `::error title=${property(id)}::${data(`examined nothing: ${found}`)}`)
  const notes = report.warnings.map((text) => `::notice title=jettison::${data(text)}`)
  return [...lines, ...undecided, ...notes].map((line) => `${line}\n`).join('')
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C')
}
