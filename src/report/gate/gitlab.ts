import { fingerprint } from './fingerprint.ts'
import { failures, type GateReport } from './types.ts'

/** GitLab's Code Quality: a list of findings at lines of the Dockerfile. */
export function gateGitlab(report: GateReport): string {
  const path = report.repositoryFile ?? 'Dockerfile'
  const findings = failures(report).map((result) => ({
    description: `${result.title}: found ${result.found}, allowed ${result.allowed}`,
    check_name: result.id,
    fingerprint: fingerprint(result, path),
    severity: result.level === 'error' ? 'major' : 'minor',
    location: { path, lines: { begin: result.line ?? 1, end: result.endLine ?? result.line ?? 1 } },
  }))
  return `${JSON.stringify(findings, null, 2)}\n`
}
