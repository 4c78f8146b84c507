import type { Linted } from '../app/index.ts'
import { positionAt } from '../base/index.ts'
import { renderLint } from '../report/index.ts'
import { printable } from './terminal.ts'

/** As `docker build --check`: 1 when anything was found that would be a warning or an error there. */
export function lintExitCode({ result }: Linted): number {
  const warned = result.findings.some(({ severity }) => severity === 'warning')
  return warned || result.errors.length > 0 ? 1 : 0
}

export function lintText({ source, result }: Linted): string {
  return printable(renderLint(source, result))
}

/** The `--json` form. Offsets are UTF-16; lines and columns start at 1. */
export function lintDocument({ source, result }: Linted): unknown {
  const at = (offset: number): unknown => positionAt(source.text, offset)
  return {
    version: 1,
    file: source.name,
    findings: result.findings.map((finding) => ({
      ...finding,
      range: { start: at(finding.range.start), end: at(finding.range.end) },
    })),
    errors: result.errors.map(({ code, message, hint, range }) => ({
      ...{ code, message, hint: hint ?? null },
      range: { start: at(range.start), end: at(range.end) },
    })),
  }
}
