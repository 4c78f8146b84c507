import { type Closure, isElf, type Link, linkClosure, readElfAt } from '../../analysis/index.ts'
import type { TreeEntry } from '../../image/index.ts'
import { appImports, missingRuntimeNeeds, sameContent } from '../files/index.ts'
import { count, type Finding, type Rung, type RungInput, verdictOf } from '../rung.ts'
import { entryAt, ownerName, type Side, targetOf } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { unreachableLibraries } from './library-cache.ts'

/** P3: the loader finds every library, in the versions wanted, for every ELF file that the app brings or starts. */
export const elfRung: Rung = {
  id: 'P3',
  title: 'ELF closure',
  runs: false,
  examine: examineElf,
}

/** What this rung cannot see in any image. */
const dynamicNames: readonly string[] = [
  'P3: libraries and programs whose names are made at run time are found by running only',
]

/** Files of one process kind: extension modules are opened by `host`, programs by nobody. */
type Roots = { readonly host: string | undefined; readonly paths: readonly string[] }

function examineElf({ fat, lean }: RungInput): Finding {
  const own = ownRoots(lean)
  const inherited = standardModules(lean)
  const all = [...own, ...inherited]
  const after = all.map((roots) => closureOf(lean, roots))
  const before = all.map((roots) => closureOf(fat, roots))
  const reached = parentsFrom(
    own.flatMap(({ paths }) => paths.map((path) => realOf(lean, path))),
    after,
  )
  const known = indexed(before)
  const failures: Evidence[] = []
  const notes: Evidence[] = []
  for (const link of unique(after.flatMap(({ links }) => links))) {
    const evidence = judgeLink(link, known.get(keyOf(link)), { fat, lean, reached })
    if (!evidence) continue
    const unused = !reached.has(link.from) && !isUsed(link.from, fat)
    const preexisting = evidence.missing === undefined
    if (preexisting || unused) notes.push(unused && !preexisting ? asBaseNote(evidence) : evidence)
    else failures.push(evidence)
  }
  const linked = new Set(after.flatMap(({ links }) => links.flatMap(({ found }) => found ?? [])))
  failures.push(...unreachableLibraries(fat, lean, linked))
  const needs = missingRuntimeNeeds(fat, lean)
  failures.push(...missingInterpreters(after, before), ...needs.failures)
  const elves = new Set(after.flatMap((closure) => [...closure.elves.keys()])).size
  return verdictOf({
    examined: elves,
    failures,
    notes,
    passed: `${count(elves, 'ELF file')}, every library found`,
    failed: `${failures.length} unresolved: ${[...new Set(failures.map(({ subject }) => subject))].slice(0, 5).join(', ')}`,
    nothing: 'lean has no ELF file to examine',
    notExercised: [...needs.notExercised, ...dynamicNames],
  })
}

/** What lean's own files link, for mutants of it. */
export function ownClosure(lean: Side): Closure {
  const closures = ownRoots(lean).map((roots) => closureOf(lean, roots))
  return {
    elves: new Map(closures.flatMap(({ elves }) => [...elves])),
    links: closures.flatMap(({ links }) => links),
    missingInterpreters: new Map(),
  }
}

/** What lean has above its base, the interpreters of its Python environments and the programs that it starts. */
function ownRoots(lean: Side): readonly Roots[] {
  const elves = lean.ownEntries().filter((entry) => isElf(lean.tree, entry))
  const environments = lean.environments()
  const groups = environments.map(
    ({ interpreter, sitePackages }): Roots => ({
      host: interpreter,
      paths: elves
        .map(pathOf)
        .filter((path) => sitePackages.some((dir) => path.startsWith(`${dir}/`))),
    }),
  )
  const placed = new Set(groups.flatMap(({ paths }) => paths))
  const rest = elves.map(pathOf).filter((path) => !placed.has(path))
  const modules = rest.filter((path) => /\.(?:cpython-\w+[^/]*|abi3)\.so$/.test(path))
  const programs = [
    ...environments.map(({ interpreter }) => interpreter),
    ...lean.programs().flatMap(({ path }) => (path === undefined ? [] : [path])),
    ...rest.filter((path) => !modules.includes(path)),
  ]
  return [
    ...groups,
    { host: environments[0]?.interpreter, paths: modules },
    { host: undefined, paths: programs },
  ]
}

/** Extension modules of the standard library, which the base ships: some are known not to load in slim bases. */
function standardModules(lean: Side): readonly Roots[] {
  return lean.environments().map(({ interpreter, prefix, version }) => {
    const dir = `${prefix}/lib/python${version}/lib-dynload`
    const paths = lean.tree
      .readdir(dir)
      .filter((name) => name.endsWith('.so'))
      .map((name) => `${dir}/${name}`)
    return { host: interpreter, paths }
  })
}

function closureOf(side: Side, { host, paths }: Roots): Closure {
  return linkClosure(side.tree, paths, {
    env: side.env,
    ...(host !== undefined && readElfAt(side.tree, host) ? { host } : {}),
  })
}

type Judge = { readonly fat: Side; readonly lean: Side; readonly reached: Parents }

/** Evidence for a link that does not hold in lean; without `missing` when fat has the same gap. */
function judgeLink(link: Link, fatLink: Link | undefined, judge: Judge): Evidence | undefined {
  const { lean } = judge
  if (link.found === undefined) return judgeAbsent(link, fatLink, judge)
  const accepted = new Set(fatLink?.missingVersions ?? [])
  const versions = link.missingVersions.filter((version) => !accepted.has(version))
  // Which symbols a library lacks says more than that it is another one.
  if (versions.length === 0) return judgeStandIn(link, link.found, fatLink, judge)
  return {
    message: `${link.needed} does not define ${versions.join(', ')} <- ${chain(link.from, judge)}`,
    subject: link.needed,
    path: link.from,
    fat: fatLink?.found ?? 'not linked',
    lean: link.found,
    ...withPackage(ownerName(lean, link.found)),
    missing: { kind: 'symbol-versions', library: link.found, versions, neededBy: link.from },
  }
}

/** A library that lean brings by itself, at a place where it is found before the one that fat finds. */
function judgeStandIn(
  link: Link,
  found: string,
  fatLink: Link | undefined,
  judge: Judge,
): Evidence | undefined {
  const { fat, lean } = judge
  if (fatLink?.found === undefined || fatLink.found === found) return undefined
  const [a, b] = [entryAt(fat.tree, fatLink.found), entryAt(lean.tree, found)]
  if (!a || !b || b.layer < lean.subject.baseLayers || ownerName(lean, found) !== undefined)
    return undefined
  if (sameContent({ tree: fat.tree, entry: a }, { tree: lean.tree, entry: b })) return undefined
  return {
    message: `${link.needed} is another library in lean: ${found} <- ${chain(link.from, judge)}`,
    subject: link.needed,
    path: found,
    fat: fatLink.found,
    lean: found,
    missing: { kind: 'library', soname: link.needed, neededBy: link.from },
  }
}

function judgeAbsent(link: Link, fatLink: Link | undefined, judge: Judge): Evidence | undefined {
  const provider = fatLink?.found === undefined ? undefined : ownerName(judge.fat, fatLink.found)
  const evidence = {
    message: `${link.needed} <- ${chain(link.from, judge)}`,
    subject: link.needed,
    path: link.from,
    fat: fatLink?.found ?? 'not found',
    lean: 'not found',
    ...withPackage(provider),
  }
  if (fatLink && fatLink.found === undefined)
    return { ...evidence, message: `${evidence.message}: not found in fat either` }
  return {
    ...evidence,
    missing: {
      kind: 'library',
      soname: link.needed,
      neededBy: link.from,
      ...withPackage(provider),
    },
  }
}

/** `libb.so.1 <- /app/liba.so <- /app/main (myapp 1.0)`: from the file that asks up to the file that is opened. */
function chain(from: string, { lean, reached }: Judge): string {
  const steps = [from]
  for (let at = reached.get(from); at !== undefined; at = reached.get(at)) steps.push(at)
  const owner = ownerName(lean, steps.at(-1) ?? from)
  return `${steps.join(' <- ')}${owner === undefined ? '' : ` (${owner})`}`
}

/** Each file reachable from the roots, with the file that brought it in; roots have none. */
type Parents = ReadonlyMap<string, string | undefined>

function parentsFrom(roots: readonly string[], closures: readonly Closure[]): Parents {
  const next = new Map<string, string[]>()
  for (const { from, found } of closures.flatMap(({ links }) => links)) {
    if (found === undefined) continue
    const to = next.get(from)
    if (to) to.push(found)
    else next.set(from, [found])
  }
  const parents = new Map<string, string | undefined>(roots.map((root) => [root, undefined]))
  const queue = [...roots]
  for (const from of queue) {
    for (const to of next.get(from) ?? []) {
      if (parents.has(to)) continue
      parents.set(to, from)
      queue.push(to)
    }
  }
  return parents
}

/** `_tkinter` counts when a file of the app imports it; every other module of the standard library always does. */
function isUsed(path: string, fat: Side): boolean {
  return !/\/_tkinter\.[^/]*so$/.test(path) || appImports(fat, ['tkinter', '_tkinter'])
}

function asBaseNote(evidence: Evidence): Evidence {
  const { missing: _, ...rest } = evidence
  return {
    ...rest,
    message: `${evidence.message}: so in lean's base, and the app does not import it`,
  }
}

function missingInterpreters(
  after: readonly Closure[],
  before: readonly Closure[],
): readonly Evidence[] {
  const known = new Map(before.flatMap(({ missingInterpreters }) => [...missingInterpreters]))
  const missing = new Map(after.flatMap(({ missingInterpreters }) => [...missingInterpreters]))
  return [...missing]
    .filter(([path, interpreter]) => known.get(path) !== interpreter)
    .map(([path, interpreter]) => ({
      message: `${interpreter} <- ${path}: the program loader is missing`,
      subject: interpreter,
      path,
      missing: { kind: 'interpreter', path: interpreter, neededBy: path },
    }))
}

function indexed(closures: readonly Closure[]): ReadonlyMap<string, Link> {
  const links = closures.flatMap(({ links }) => links)
  return new Map(links.map((link) => [keyOf(link), link]))
}

function unique(links: readonly Link[]): readonly Link[] {
  const seen = new Map(links.map((link) => [`${keyOf(link)}\0${link.found ?? ''}`, link]))
  return [...seen.values()]
}

function keyOf({ from, needed }: Link): string {
  return `${from}\0${needed}`
}

function realOf({ tree }: Side, path: string): string {
  return targetOf(tree, path)?.path ?? path
}

function pathOf({ path }: TreeEntry): string {
  return path
}

function withPackage(name: string | undefined): { readonly package?: string } {
  return name === undefined ? {} : { package: name }
}
