import type { PolicyResult } from '../../gate/index.ts'

/** What `jettison check` found; every format is a rendering of it. */
export type GateReport = {
  readonly version: 1
  readonly policyFile: string
  /** Relative to the working directory; null when no Dockerfile was judged. */
  readonly dockerfile: string | null
  /** The Dockerfile's path from the root of its repository, as a service that shows findings in files wants it. */
  readonly repositoryFile: string | null
  readonly image: { readonly reference: string; readonly id: string; readonly size: number }
  /** What it was compared with; null when there was nothing. */
  readonly baseline: { readonly reference: string; readonly size: number } | null
  readonly results: readonly PolicyResult[]
  readonly warnings: readonly string[]
  readonly pass: boolean
  readonly undecided: boolean
  /** Unified diff of what `jettison slim` would write, planned and not proved; null when it mends nothing here. */
  readonly patch: string | null
}

/** Findings of a report, errors first. */
export function failures({ results }: GateReport): readonly PolicyResult[] {
  const failed = results.filter(({ status }) => status === 'fail')
  return [
    ...failed.filter(({ level }) => level === 'error'),
    ...failed.filter(({ level }) => level === 'warn'),
  ]
}

/** What a service tells this gate from others by, from build to build: never a tag, which may be a commit's. */
export function subjectName({ repositoryFile, image }: GateReport): string {
  return repositoryFile ?? image.reference.replace(/@sha256:.*$|:[^:/]*$/, '')
}

/** `PASS`, `FAIL` or `UNDECIDED`, and the counts. */
export function outcome(report: GateReport): {
  readonly word: 'PASS' | 'FAIL' | 'UNDECIDED'
  readonly errors: number
  readonly warnings: number
  readonly passed: number
  readonly skipped: number
} {
  const count = (status: string, level?: string): number =>
    report.results.filter(
      (one) => one.status === status && (level === undefined || one.level === level),
    ).length
  return {
    word: report.pass ? 'PASS' : report.undecided ? 'UNDECIDED' : 'FAIL',
    errors: count('fail', 'error'),
    warnings: count('fail', 'warn'),
    passed: count('pass'),
    skipped: count('skip'),
  }
}
