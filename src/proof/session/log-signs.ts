import { logRules, normalise } from '../compare/index.ts'
import type { Missing } from '../verdict.ts'

/** A line of a log that says what is missing or broken. */
export type LogSign = { readonly line: string; readonly missing?: Missing }

type Sign = {
  readonly pattern: RegExp
  readonly missing?: (match: RegExpExecArray, line: string) => Missing | undefined
}

/** Texts of glibc's loader, musl, CPython and shells; the first that matches a line decides. */
const signs: readonly Sign[] = [
  {
    pattern: /(?<so>[\w.+-]+\.so[\w.]*): cannot open shared object file/,
    missing: (match, line) => library(match.groups?.['so'], line),
  },
  {
    pattern: /Error loading shared library (?<so>[\w.+-]+\.so[\w.]*)/,
    missing: (match, line) => library(match.groups?.['so'], line),
  },
  {
    pattern:
      /(?<lib>[\w./+-]+): version [`'](?<version>[\w.]+)' not found(?: \(required by (?<by>[^)]+)\))?/,
    missing: ({ groups }) => ({
      kind: 'symbol-versions',
      library: groups?.['lib'] ?? '',
      versions: [groups?.['version'] ?? ''],
      neededBy: groups?.['by'] ?? '',
    }),
  },
  {
    pattern: /ModuleNotFoundError: No module named '(?<module>[^']+)'/,
    missing: ({ groups }, line) => ({
      kind: 'module',
      name: groups?.['module'] ?? '',
      error: line.trim(),
    }),
  },
  {
    pattern: /FileNotFoundError: \[Errno 2\] No such file or directory: '(?<path>[^']+)'/,
    missing: ({ groups }) => absentFile(groups?.['path']),
  },
  {
    pattern: /(?:^|[\s:])(?<program>[\w.+/-]+): (?:command )?not found\s*$/,
    missing: ({ groups }) => ({ kind: 'program', name: groups?.['program'] ?? '' }),
  },
  { pattern: /\bImportError\b|undefined symbol: / },
  { pattern: /ZoneInfoNotFoundError|CERTIFICATE_VERIFY_FAILED|unable to get local issuer/ },
  { pattern: /getpwnam|getpwuid|no such user|unknown user/i },
  { pattern: /^Traceback \(most recent call last\)/ },
  { pattern: /No such file or directory|Permission denied|Exec format error|Segmentation fault/ },
]

/** Lines of lean's log that report something broken and that fat's log has no equal of, the first of each. */
export function newSigns(fat: string, lean: string): readonly LogSign[] {
  const known = new Set(fat.split('\n').map(bare))
  const found = new Map<string, LogSign>()
  for (const line of lean.split('\n')) {
    if (known.has(bare(line)) || found.has(bare(line))) continue
    const sign = signOf(line)
    if (sign) found.set(bare(line), sign)
  }
  return [...found.values()].slice(0, 20)
}

/** What one line reports, undefined for an ordinary line. */
export function signOf(line: string): LogSign | undefined {
  for (const { pattern, missing } of signs) {
    const match = pattern.exec(line)
    if (!match) continue
    const found = missing?.(match, line)
    return { line: line.trim(), ...(found ? { missing: found } : {}) }
  }
  return undefined
}

function library(soname: string | undefined, line: string): Missing | undefined {
  return soname === undefined ? undefined : { kind: 'library', soname, neededBy: line.trim() }
}

/** A path with a slash is a file; a bare word is what Python says when subprocess finds no program. */
function absentFile(path: string | undefined): Missing | undefined {
  if (path === undefined) return undefined
  return path.includes('/') ? { kind: 'file', path } : { kind: 'program', name: path }
}

function bare(line: string): string {
  return normalise(line.trim(), logRules).text
}
