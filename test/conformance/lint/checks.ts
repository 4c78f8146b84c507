import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PathPattern } from '../../../src/image/index.ts'
import { checks, lintDockerfile } from '../../../src/lint/index.ts'

/**
 * Dockerfiles of our own making and what BuildKit's linter says about them (moby/buildkit 73ed682, August 2026, its
 * `dockerfile2llb` called with base images that set PATH and nothing else). A finding is rule, first line, last line and
 * message, sorted by line, rule and message.
 */
export type CheckCase = {
  readonly dockerfile: string
  readonly args?: Readonly<Record<string, string>>
  /** Present for a build of that stage, `''` being the last; absent for `--check` of the whole file. */
  readonly target?: string
  readonly ignore?: readonly string[]
  readonly findings: readonly CheckFinding[]
}

export type CheckFinding = readonly [rule: string, start: number, end: number, message: string]

export type Recorded = {
  readonly rules: Readonly<
    Record<string, { readonly description: string; readonly url: string | null }>
  >
  readonly cases: readonly CheckCase[]
}

export function readRecorded(): Recorded {
  const text = readFileSync(join(import.meta.dirname, 'buildkit-checks.json'), 'utf8')
  return JSON.parse(text) as Recorded
}

/** What our checks say about a case, in the form of the record. */
export function findingsOf({ dockerfile, args, target, ignore }: CheckCase): CheckFinding[] {
  const { findings } = lintDockerfile({
    source: { name: 'Dockerfile', text: dockerfile },
    platform: { os: 'linux', architecture: 'amd64' },
    base: () => ({ env: new Map([['PATH', '/bin']]), shell: false }),
    rules: checks,
    ...(args ? { args } : {}),
    ...(target === undefined ? {} : { target }),
    ...(ignore ? { ignore: ignore.map(pattern) } : {}),
  })
  return findings
    .map(({ rule, lines, message }): CheckFinding => [rule, lines.start, lines.end, message])
    .sort((a, b) => a[1] - b[1] || order(a[0], b[0]) || order(a[3], b[3]))
}

function order(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

function pattern(line: string): PathPattern {
  return { text: line.replace(/^!/, ''), negated: line.startsWith('!') }
}
