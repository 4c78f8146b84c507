import { checkFile, type Linted, type LintOptions, type Session } from '../app/index.ts'
import { isFault } from '../base/index.ts'
import { renderLintSummary } from '../report/index.ts'
import { printable } from './terminal.ts'

/**
 * What a build says about its Dockerfile when it ends, as BuildKit does: one line a warning. Never the reason for a
 * failure: a Dockerfile that cannot be read has been refused by the build itself.
 */
export function buildWarnings(session: Session, options: LintOptions): string {
  let linted: Linted
  try {
    linted = checkFile(session, options)
  } catch (error) {
    if (isFault(error)) return ''
    throw error
  }
  return printable(renderLintSummary(linted.result.findings, 'jettison build --check shows more'))
}
