import { type Closure, nativeModulesOf } from '../../analysis/index.ts'
import { readResolved } from '../../image/index.ts'
import { isAppEntry } from '../files/index.ts'
import { type Side, sideOf, targetOf } from '../side.ts'
import type { RungId } from '../verdict.ts'
import { withoutPaths, withText } from './trees.ts'

/** A copy of lean that lacks one thing, as a view: nothing is written. */
export type Mutant = {
  readonly kind: 'library' | 'interpreter' | 'data' | 'file' | 'module' | 'user'
  /** What is taken away, e.g. `libpq.so.5`. */
  readonly what: string
  /** What evidence may call it: the path, and other names of it. */
  readonly names: readonly string[]
  /** The rungs that can see it, the likeliest first. */
  readonly rungs: readonly RungId[]
  readonly make: () => Side
}

/** Every mutant worth making, the most telling kinds first. `closure` is what lean's own files link. */
export function mutantsOf(fat: Side, lean: Side, closure: Closure): readonly Mutant[] {
  return [
    ...interpreters(lean),
    ...dataFiles(fat, lean),
    ...users(lean),
    ...entryFiles(lean),
    ...modules(lean),
    ...libraries(lean, closure),
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

const kinds: readonly Mutant['kind'][] = [
  'library',
  'module',
  'data',
  'file',
  'interpreter',
  'user',
]

/** Libraries that own files of lean reach; the loader itself is an interpreter. */
function libraries(lean: Side, { links }: Closure): readonly Mutant[] {
  const found = new Map<string, string>()
  for (const { needed, found: path } of links)
    if (path !== undefined && !/^ld-/.test(needed)) found.set(path, needed)
  return [...found].map(([path, soname]) => ({
    kind: 'library',
    what: soname,
    names: [soname, path],
    rungs: ['P3'],
    make: () => without(lean, [path]),
  }))
}

function interpreters(lean: Side): readonly Mutant[] {
  const real = new Map(
    lean.programs().flatMap(({ path, name }) => {
      const target = path === undefined ? undefined : targetOf(lean.tree, path)
      return target ? [[target.path, { name, path: path ?? '' }] as const] : []
    }),
  )
  return [...real].map(([target, { name, path }]) => ({
    kind: 'interpreter',
    what: target,
    names: [target, path, name],
    rungs: ['P2', 'P3'],
    make: () => sideOf({ ...lean.subject, tree: withoutPaths(lean.tree, [target]) }),
  }))
}

const data = ['/etc/ssl/certs/ca-certificates.crt', '/usr/share/zoneinfo', '/etc/services'] as const

function dataFiles(fat: Side, lean: Side): readonly Mutant[] {
  return data
    .filter((path) => [fat, lean].every(({ tree }) => tree.lookup(path) !== undefined))
    .map((path) => ({
      kind: 'data',
      what: path,
      names: [path],
      rungs: ['P2'],
      make: () => without(lean, [path]),
    }))
}

/** Files of the app that the image's command reads. */
function entryFiles(lean: Side): readonly Mutant[] {
  const files = new Set(lean.programs().flatMap((program) => program.files))
  return [...files].flatMap((path): readonly Mutant[] => {
    const entry = lean.tree.lookup(path)
    if (!entry || entry.layer < lean.subject.baseLayers || !isAppEntry(entry, lean)) return []
    return [
      {
        kind: 'file',
        what: path,
        names: [path],
        rungs: ['P2'],
        make: () => without(lean, [path]),
      },
    ]
  })
}

function modules(lean: Side): readonly Mutant[] {
  return lean
    .environments()
    .flatMap(({ distributions }) => distributions.flatMap(nativeModulesOf))
    .filter((path) => (lean.tree.lookup(path)?.layer ?? -1) >= lean.subject.baseLayers)
    .map((path) => ({
      kind: 'module',
      what: path,
      names: [path],
      rungs: ['P4'],
      make: () => without(lean, [path]),
    }))
}

/** The user that the image runs as, by name. */
function users(lean: Side): readonly Mutant[] {
  const name = (lean.config.User ?? '').split(':')[0] ?? ''
  const bytes = readResolved(lean.tree, '/etc/passwd')
  if (name === '' || /^\d+$/.test(name) || !bytes) return []
  const lines = new TextDecoder().decode(bytes).split('\n')
  const left = lines.filter((line) => !line.startsWith(`${name}:`)).join('\n')
  return [
    {
      kind: 'user',
      what: name,
      names: [name],
      rungs: ['P2'],
      make: () =>
        derived(lean, sideOf({ ...lean.subject, tree: withText(lean.tree, '/etc/passwd', left) })),
    },
  ]
}

function without(lean: Side, paths: readonly string[]): Side {
  return derived(lean, sideOf({ ...lean.subject, tree: withoutPaths(lean.tree, paths) }))
}

/** Package databases and records are lean's own: a file that is taken away leaves its record. */
function derived(lean: Side, mutant: Side): Side {
  const { packages, environments, distributionOf } = lean
  return { ...mutant, packages, environments, distributionOf }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1)
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0
  return value
}
