import type { Closure } from '../../analysis/index.ts'
import type { Side } from '../side.ts'
import { dataOf, entryFiles, interpreters, libraries, modules } from './files.ts'
import type { Mutant, MutantKind } from './mutant.ts'
import { permissions, users } from './rights.ts'
import { ports, settings, variables } from './settings.ts'

/** Every mutant worth making, the most telling kinds first. `closure` is what lean's own files link. */
export function mutantsOf(fat: Side, lean: Side, closure: Closure): readonly Mutant[] {
  return [
    ...interpreters(lean),
    ...dataOf(fat, lean),
    ...users(lean),
    ...entryFiles(lean),
    ...permissions(fat, lean),
    ...modules(lean),
    ...libraries(lean, closure),
    ...variables(lean),
    ...ports(lean),
    ...settings(lean),
  ]
}

/**
 * `count` of them, chosen by a seed so that two runs over one image try the same: one of each kind as far as they go,
 * then others.
 */
export function seededChoice(
  all: readonly Mutant[],
  count: number | 'all',
  seed: string,
): readonly Mutant[] {
  if (count === 'all' || count >= all.length) return all
  const ranked = all
    .map((mutant) => ({ mutant, rank: hash(`${seed} ${mutant.what}`) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ mutant }) => mutant)
  const firsts = ranked.filter(
    (one, at) => ranked.findIndex(({ kind }) => kind === one.kind) === at,
  )
  const byWeight = firsts.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
  const rest = ranked.filter((one) => !firsts.includes(one))
  return [...byWeight, ...rest].slice(0, count)
}

const kinds: readonly MutantKind[] = [
  'library',
  'module',
  'data',
  'file',
  'interpreter',
  'user',
  'permission',
  'variable',
  'port',
  'setting',
]

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1)
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0
  return value
}
