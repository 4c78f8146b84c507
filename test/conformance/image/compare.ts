import { byCodeUnit, type HistoryEntry } from '../../../src/image/index.ts'
import type { FileState, ImageState } from './types.ts'

export type CompareOptions = {
  /** Files whose bytes, size and time depend on when they were written: only kind, mode and owner count. */
  readonly volatile?: readonly RegExp[]
  /** Compare texts of the history; without it only the number of entries that make layers. */
  readonly history?: boolean
}

/**
 * Every difference between two images, one line each: type, all twelve mode bits, owner, size, content, extended
 * attributes, link targets, hard-link groups, files that only one has, and the configuration with its order.
 */
export function compareImages(
  ours: ImageState,
  theirs: ImageState,
  options: CompareOptions = {},
): string[] {
  return [
    ...compareFiles(ours.files, theirs.files, options.volatile ?? []),
    ...compareConfig(ours, theirs),
    ...compareHistory(ours, theirs, options.history ?? false),
  ]
}

function compareFiles(
  ours: ImageState['files'],
  theirs: ImageState['files'],
  volatile: readonly RegExp[],
): string[] {
  const paths = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort(byCodeUnit)
  return paths.flatMap((path) => {
    const [a, b] = [ours[path], theirs[path]]
    if (!a) return [`${path}: only theirs has it (${b?.type})`]
    if (!b) return [`${path}: only ours has it (${a.type})`]
    const loose = volatile.some((pattern) => pattern.test(path))
    const fields: readonly (keyof FileState)[] = [
      ...(['type', 'mode', 'uid', 'gid', 'link', 'device', 'xattrs', 'group'] as const),
      ...(loose ? [] : (['size', 'digest'] as const)),
    ]
    const changed = fields.filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]))
    return changed.map((name) => `${path}: ${name} ${show(a[name])}, theirs ${show(b[name])}`)
  })
}

function compareConfig(ours: ImageState, theirs: ImageState): string[] {
  const a = flat({ ...topOf(ours), ...ours.config })
  const b = flat({ ...topOf(theirs), ...theirs.config })
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort(byCodeUnit)
  return names.flatMap((name) =>
    JSON.stringify(a[name]) === JSON.stringify(b[name])
      ? []
      : [`config ${name}: ${show(a[name])}, theirs ${show(b[name])}`],
  )
}

function topOf({ architecture, os, author }: ImageState): Record<string, unknown> {
  return { architecture, os, author }
}

/** Unset, null, empty and false mean the same in a configuration; maps are sorted, lists keep their order. */
function flat(config: object): Record<string, unknown> {
  const kept = Object.entries(config).filter(
    ([, value]) =>
      value !== null &&
      value !== undefined &&
      value !== '' &&
      value !== false &&
      !(typeof value === 'object' && Object.keys(value as object).length === 0),
  )
  return Object.fromEntries(kept.map(([name, value]) => [name, sorted(value)]))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, item]) => [name, sorted(item)]))
}

function compareHistory(ours: ImageState, theirs: ImageState, texts: boolean): string[] {
  const [a, b] = [ours, theirs].map(({ history }) =>
    history.map((entry) => (texts ? line(entry) : entry.empty_layer ? 'empty' : 'layer')),
  )
  const count = Math.max(a?.length ?? 0, b?.length ?? 0)
  return Array.from({ length: count }, (_, at) => at).flatMap((at) =>
    a?.[at] === b?.[at] ? [] : [`history ${at}: ${show(a?.[at])}, theirs ${show(b?.[at])}`],
  )
}

function line({ created_by, comment, author, empty_layer }: HistoryEntry): string {
  const text = [empty_layer ? 'empty' : 'layer', author, comment, created_by]
  // The web server of a case has another port for each engine.
  return text
    .filter(Boolean)
    .join(' | ')
    .replace(/127\.0\.0\.1:\d+/g, '{server}')
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
