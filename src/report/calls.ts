import { positionAt, type Range, type Source } from '../base/index.ts'
import type { Outline, TargetInfo } from '../build/index.ts'
import type { LintResult } from '../lint/index.ts'

/** What `docker build --call=outline` prints. */
export function renderOutline({ name, description, args, secrets, ssh }: Outline): string {
  const head: (readonly string[])[] = [
    ...(name || description ? [['TARGET:', name || '(default)']] : []),
    ...(description ? [['DESCRIPTION:', description]] : []),
  ]
  const needs = (word: string, list: Outline['secrets']): string =>
    block(
      [[word, 'REQUIRED'], ...list.map((need) => [need.name, need.required ? 'true' : ''])],
      list.length,
      3,
    )
  return [
    block(head, head.length, 1),
    block(
      [
        ['BUILD ARG', 'VALUE', 'DESCRIPTION'],
        ...args.map((arg) => [arg.name, arg.value, arg.description]),
      ],
      args.length,
      3,
    ),
    needs('SECRET', secrets),
    needs('SSH', ssh),
  ].join('')
}

/** What `docker build --call=targets` prints. */
export function renderTargets(targets: readonly TargetInfo[]): string {
  const shown = ({ name, isDefault }: TargetInfo): string =>
    !isDefault ? name : name === '' ? '(default)' : `${name} (default)`
  return table(
    [['TARGET', 'DESCRIPTION'], ...targets.map((target) => [shown(target), target.description])],
    1,
  )
}

/** `--call=outline,format=json`: BuildKit's `outline.Outline`, empty fields left out. */
export function outlineDocument(source: Source, outline: Outline): unknown {
  const need = ({ name, required, range }: Outline['secrets'][number]): unknown => ({
    name,
    ...(required ? { required } : {}),
    location: location(source, range),
  })
  return {
    ...text('name', outline.name),
    ...text('description', outline.description),
    ...list(
      'args',
      outline.args.map(({ name, description, value, range }) => ({
        name,
        ...text('description', description),
        ...text('value', value),
        location: location(source, range),
      })),
    ),
    ...list('secrets', outline.secrets.map(need)),
    ...list('ssh', outline.ssh.map(need)),
    sources: [base64(source)],
  }
}

/** `--call=targets,format=json`: BuildKit's `targets.List`. */
export function targetsDocument(source: Source, targets: readonly TargetInfo[]): unknown {
  return {
    targets: targets.map(({ name, description, isDefault, base, platform, range }) => ({
      ...text('name', name),
      ...(isDefault ? { default: true } : {}),
      ...text('description', description),
      ...text('base', base),
      ...text('platform', platform),
      location: location(source, range),
    })),
    sources: [base64(source)],
  }
}

/** `--call=check,format=json`: BuildKit's `lint.LintResults`; a source has no `definition`, which is a graph of LLB. */
export function checkDocument(source: Source, { findings, errors }: LintResult): unknown {
  const [error] = errors
  return {
    warnings: findings
      .filter(({ severity }) => severity === 'warning')
      .map(({ rule, description, url, message, lines }) => ({
        ruleName: rule,
        ...text('description', description),
        ...text('url', url ?? ''),
        detail: message,
        location: lineRanges(lines.start, lines.end),
      })),
    sources: [{ filename: source.name, language: 'Dockerfile', data: base64(source) }],
    ...(error
      ? { buildError: { message: error.message, location: location(source, error.range) } }
      : {}),
  }
}

/** One range a line, without columns: BuildKit's ranges of an instruction. */
function location(source: Source, { start, end }: Range): unknown {
  return lineRanges(positionAt(source.text, start).line, positionAt(source.text, end).line)
}

function lineRanges(first: number, last: number): unknown {
  const lines = Array.from({ length: Math.max(1, last - first + 1) }, (_, at) => first + at)
  return { ranges: lines.map((line) => ({ start: { line }, end: { line } })) }
}

function base64(source: Source): string {
  return Buffer.from(source.text).toString('base64')
}

function text(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value }
}

function list(name: string, values: readonly unknown[]): Record<string, unknown> {
  return values.length === 0 ? {} : { [name]: values }
}

function block(rows: readonly (readonly string[])[], count: number, padding: number): string {
  return count === 0 ? '' : `${table(rows, padding)}\n`
}

/** Go's tabwriter: cells of a column padded to the widest, the last one left as it is. */
function table(rows: readonly (readonly string[])[], padding: number): string {
  const width = (column: number): number =>
    Math.max(0, ...rows.map((row) => (row.length > column + 1 ? (row[column]?.length ?? 0) : 0)))
  return rows
    .map(
      (row) =>
        `${row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(width(at) + padding))).join('')}\n`,
    )
    .join('')
}
