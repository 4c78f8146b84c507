import type { Source } from '../base/index.ts'
import type { Finding, LintResult } from '../lint/index.ts'

/**
 * What `docker build --check` prints (buildx and BuildKit's lint subrequest): the count, each warning with its page and
 * the lines it is about, and the error that would stop a build. Hints below it are ours.
 */
export function renderLint(source: Source, { findings, errors }: LintResult): string {
  const warnings = findings.filter(({ severity }) => severity === 'warning')
  const advice = findings.filter(({ severity }) => severity === 'info')
  const [error] = errors
  const parts: string[] = []
  if (warnings.length > 0)
    parts.push(
      `Check complete, ${warnings.length === 1 ? '1 warning has' : `${warnings.length} warnings have`} been found!\n`,
    )
  parts.push(...warnings.map((finding) => printFinding(source, finding, 'WARNING')))
  parts.push(...advice.map((finding) => printFinding(source, finding, 'INFO')))
  if (error) {
    const start = source.text.slice(0, error.range.start).split('\n').length
    parts.push(`\nERROR: ${error.message}\n${frame(source, { start, end: start })}`)
  } else if (warnings.length === 0) parts.push('Check complete, no warnings found.\n')
  return parts.join('')
}

/** ` 2 warnings found …` and a line each: what a build says when it ends. Empty without warnings. */
export function renderLintSummary(findings: readonly Finding[], hint: string): string {
  if (findings.length === 0) return ''
  const count = findings.length === 1 ? '1 warning found' : `${findings.length} warnings found`
  const lines = findings.map(
    ({ rule, message, lines: { start } }) => ` - ${rule}: ${message} (line ${start})\n`,
  )
  return `\n ${count} (${hint}):\n${lines.join('')}`
}

function printFinding(source: Source, finding: Finding, word: string): string {
  const page = finding.url ?? `jettison explain ${finding.rule}`
  return `\n${word}: ${finding.rule} - ${page}\n${finding.message}\n${frame(source, finding.lines)}`
}

/** BuildKit's excerpt: about four lines around one line, two around several. */
function frame(source: Source, marked: Finding['lines']): string {
  const lines = source.text.split('\n')
  let { start, end } = marked
  end = Math.min(end, lines.length)
  const around = start === end ? 4 : 2
  for (let added = 0; added < around; added++) {
    if (start > 1) {
      start--
      added++
    }
    if (end !== lines.length) {
      end++
      added++
    }
  }
  const shown = lines.slice(start - 1, end).map((text, index) => {
    const number = start + index
    const mark = number >= marked.start && number <= marked.end ? '>>>' : '   '
    return ` ${String(number).padStart(3)} | ${mark} ${text.replace(/\r$/, '')}\n`
  })
  const rule = '--------------------\n'
  return `${source.name}:${marked.start}\n${rule}${shown.join('')}${rule}`
}
