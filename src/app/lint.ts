import { writeFileSync } from 'node:fs'
import { applySafeFixes, type Finding, lintDockerfile } from '../lint/index.ts'
import { type Linted, type LintOptions, lintFile } from './lint-file.ts'
import type { Session } from './session.ts'

/** BuildKit's build checks and our smells. @throws as `lintFile` */
export function lint(session: Session | undefined, options: LintOptions): Linted {
  return lintFile(session, options, lintDockerfile)
}

/** Applies the safe fixes to the file. @returns what was fixed, and the findings that are left */
export function lintAndFix(
  session: Session | undefined,
  options: LintOptions,
): { readonly fixed: readonly Finding[]; readonly left: Linted } {
  const fixed: Finding[] = []
  for (;;) {
    const linted = lint(session, options)
    // Text that does not parse as it stands is no ground for edits.
    const round =
      linted.result.errors.length > 0
        ? { text: linted.source.text, fixed: [] }
        : applySafeFixes(linted.source.text, linted.result.findings)
    if (round.text === linted.source.text) return { fixed, left: linted }
    writeFileSync(linted.path, round.text)
    fixed.push(...round.fixed)
  }
}
