import { type Closure, type DataId, dataFiles, nativeModulesOf } from '../../analysis/index.ts'
import {
  bringsOwnData,
  isAppEntry,
  onlyInstalled,
  tooling,
  unneededPackages,
} from '../files/index.ts'
import { entryAt, type Side } from '../side.ts'
import { type Mutant, withoutFiles } from './mutant.ts'

/** Libraries that own files of lean reach; the loader itself is an interpreter. */
export function libraries(lean: Side, { links }: Closure): readonly Mutant[] {
  const found = new Map<string, string>()
  for (const { needed, found: path } of links)
    if (path !== undefined && !/^ld-/.test(needed)) found.set(path, needed)
  return [...found].map(([path, soname]) =>
    withoutFiles(lean, [path], {
      kind: 'library',
      what: soname,
      names: [soname, path],
      rungs: ['P3'],
    }),
  )
}

/** The programs that lean starts, and each link on the way to them. */
export function interpreters(lean: Side): readonly Mutant[] {
  const found = new Map<string, readonly string[]>()
  for (const { path, name } of lean.programs()) {
    if (path === undefined) continue
    const steps = linksOf(lean, path)
    const names = [...steps, name]
    for (const step of steps) found.set(step, [...(found.get(step) ?? []), ...names])
  }
  return [...found].map(([path, names]) =>
    withoutFiles(lean, [path], {
      kind: 'interpreter',
      what: path,
      names: [path, ...new Set(names)],
      rungs: ['P2', 'P3'],
    }),
  )
}

/** `/usr/local/bin/python`, `…/python3` and `…/python3.11`: links of the last component, then the file. */
function linksOf({ tree }: Side, path: string): readonly string[] {
  const out: string[] = []
  for (let at: string | undefined = path; at !== undefined && !out.includes(at); ) {
    const entry = entryAt(tree, at)
    if (!entry) break
    out.push(entry.path)
    const dir = entry.path.slice(0, entry.path.lastIndexOf('/'))
    const link: string | undefined = entry.kind === 'symlink' ? entry.link : undefined
    at = link === undefined ? undefined : link.startsWith('/') ? link : `${dir}/${link}`
  }
  return out
}

/** Data whose absence nothing but a request shows; the cache of the loader is written again by whoever wants it. */
const needed: ReadonlySet<DataId> = new Set<DataId>([
  'ca-certificates',
  'zoneinfo',
  'locales',
  'fonts',
  'nsswitch',
  'gconv',
  'services',
])

const folders: Partial<Record<DataId, string>> = { zoneinfo: '/usr/share/zoneinfo' }

export function dataOf(fat: Side, lean: Side): readonly Mutant[] {
  const before = new Map(dataFiles(fat.tree).map((one) => [one.id, one.path]))
  return dataFiles(lean.tree).flatMap(({ id, path }): readonly Mutant[] => {
    if (path === undefined || !needed.has(id) || before.get(id) === undefined) return []
    // A JVM with its own certificates does not miss the system's.
    if (bringsOwnData(fat, path)) return []
    const whole = folders[id] ?? path
    const words = { gconv: ['character sets'], locales: ['locale'], fonts: ['fonts'] } as const
    const names = id in words ? words[id as keyof typeof words] : []
    return [
      withoutFiles(lean, [whole], {
        kind: 'data',
        what: whole,
        names: [whole, ...names],
        rungs: ['P2', 'P3'],
      }),
    ]
  })
}

/** Files of the app that the image's command reads, and the scripts that it starts. */
export function entryFiles(lean: Side): readonly Mutant[] {
  const files = new Set(
    lean
      .programs()
      .flatMap(({ files: read, path, script }) => [
        ...read,
        ...(path === undefined ? [] : [path]),
        ...(script?.startsWith('/') ? [script] : []),
      ]),
  )
  return [...files].flatMap((path): readonly Mutant[] => {
    const entry = lean.tree.lookup(path)
    if (!entry || entry.layer < lean.subject.baseLayers || !isAppEntry(entry, lean)) return []
    return [withoutFiles(lean, [path], { kind: 'file', what: path, names: [path], rungs: ['P2'] })]
  })
}

/** Native modules, the top of each distribution, and each npm package that production needs. */
export function modules(lean: Side): readonly Mutant[] {
  const own = (path: string): boolean =>
    (entryAt(lean.tree, path)?.layer ?? -1) >= lean.subject.baseLayers
  const installers = onlyInstalled(lean)
  const distributions = lean
    .environments()
    .flatMap((one) => one.distributions)
    .filter((one) => !tooling.has(one.key) && !installers.has(one))
  const natives = distributions.flatMap(nativeModulesOf).filter(own)
  const tops = distributions.flatMap(({ name, files }) =>
    [...new Set(files.map(topOf))]
      .filter((path): path is string => path !== undefined && own(path))
      .map((path) => ({ path, name })),
  )
  const unneeded = unneededPackages(lean)
  const packages = lean
    .nodeModules()
    .packages.filter(({ path }) => own(path) && !unneeded.has(path))
  return [
    ...natives.map((path) => module(lean, path, [path])),
    ...unique(tops).map(({ path, name }) => module(lean, path, [path, name])),
    ...packages.flatMap(({ path, name, natives: addons }) => [
      module(lean, path, [path, name]),
      ...addons.map((addon) => module(lean, addon, [addon])),
    ]),
  ]
}

function module(lean: Side, path: string, names: readonly string[]): Mutant {
  return withoutFiles(lean, [path], { kind: 'module', what: path, names, rungs: ['P4', 'P2'] })
}

/** `…/site-packages/flask` of `…/site-packages/flask/app.py`, and `…/site-packages/six.py` of itself. */
function topOf(path: string): string | undefined {
  const match = /^(.*\/(?:site|dist)-packages\/[A-Za-z_]\w*)(\/.*|\.py)$/.exec(path)
  if (!match || !path.endsWith('.py')) return undefined
  return match[2] === '.py' ? path : match[1]
}

function unique<T extends { readonly path: string }>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((one) => [one.path, one])).values()]
}
