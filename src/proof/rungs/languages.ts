import {
  differentMember,
  type Gem,
  type JavaLibrary,
  librariesInJar,
  type NodePackage,
  type ProgramParts,
  partsOf,
  rubyGems,
} from '../../analysis/index.ts'
import type { TreeEntry } from '../../image/index.ts'
import { unneededPackages } from '../files/index.ts'
import { count } from '../rung.ts'
import { entryAt, type Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { javaRuntime } from './java-runtime.ts'

/** What a language's own packages look like in both images. */
export type LanguageCheck = {
  readonly examined: number
  readonly failures: readonly Evidence[]
  readonly notes: readonly Evidence[]
  /** `12 npm packages`, for the summary; empty when there is none. */
  readonly counted: string
}

/** Packages of every language but Python that the project brings. One function a language; each is useful alone. */
export function otherLanguages(fat: Side, lean: Side): readonly LanguageCheck[] {
  return [npmPackages, gems, javaLibraries, javaRuntime, compiledPrograms].map((check) =>
    check(fat, lean),
  )
}

/** npm, pnpm and yarn: every package that production reaches, at its place and in its version. */
function npmPackages(fat: Side, lean: Side): LanguageCheck {
  const own = fat.nodeModules().packages.filter(({ path }) => isOwn(`${path}/package.json`, fat))
  const theirs = new Map(lean.nodeModules().packages.map((one) => [one.path, one]))
  const unneeded = unneededPackages(fat)
  const wanted = own.filter(({ path }) => !unneeded.has(path))
  const failures = wanted.flatMap((one) => [
    ...difference(one, theirs.get(one.path)),
    ...missingNatives(one, theirs.get(one.path), lean),
  ])
  const left = own.filter(({ path }) => unneeded.has(path) && !theirs.has(path)).length
  const note = `${count(left, 'npm package')} absent: only development needs them`
  return {
    examined: wanted.length,
    failures: [...failures, ...shadowing(own, lean)],
    notes: left === 0 ? [] : [{ message: note }],
    counted: wanted.length === 0 ? '' : count(wanted.length, 'npm package'),
  }
}

/** A package that lean has nearer to the app than the one that fat finds stands in for it. */
function shadowing(own: readonly NodePackage[], lean: Side): readonly Evidence[] {
  if (own.length === 0) return []
  const known = new Set(own.map(({ path }) => path))
  return lean
    .nodeModules()
    .packages.filter(({ path }) => !known.has(path) && isOwn(`${path}/package.json`, lean))
    .map(({ name, version, path }) => ({
      message: `${name} ${version} is in lean only: ${path}`,
      subject: name,
      path,
      fat: 'absent',
      lean: version,
    }))
}

function missingNatives(
  { name, version, natives }: NodePackage,
  other: NodePackage | undefined,
  lean: Side,
): readonly Evidence[] {
  if (!other) return []
  return natives
    .filter((path) => !entryAt(lean.tree, path))
    .map((path) => ({
      message: `${name} ${version}: the native module ${path} is missing in lean`,
      subject: name,
      path,
      missing: { kind: 'file', path },
    }))
}

/** RubyGems and Bundler: the same gems in the same versions, wherever the specification lies. */
function gems(fat: Side, lean: Side): LanguageCheck {
  const own = rubyGems(fat.ownEntries())
  const theirs = new Map(rubyGems(lean.entries()).map((one) => [keyOf(one), one]))
  return {
    examined: own.length,
    failures: own
      .filter((one) => !theirs.has(keyOf(one)))
      .flatMap((one) => difference(one, undefined)),
    notes: [],
    counted: own.length === 0 ? '' : count(own.length, 'gem'),
  }
}

function keyOf({ name, version }: Gem): string {
  return `${name} ${version}`
}

/**
 * Jars of the project, and the libraries inside them: names and versions, at the jar's place, and the same members.
 * Tables of contents say it; nothing is unpacked but what tells of the build.
 */
function javaLibraries(fat: Side, lean: Side): LanguageCheck {
  const jars = fat
    .ownEntries()
    .filter(({ path, kind }) => kind === 'file' && /\.[jw]ar$/.test(path) && !isOwned(path, fat))
  let examined = 0
  const failures: Evidence[] = []
  for (const jar of jars) {
    const twin = entryAt(lean.tree, jar.path)
    // Whether an absent jar is missed is judged with the files.
    if (twin?.kind !== 'file') continue
    const [a, b] = [librariesInJar(fat.tree, jar), librariesInJar(lean.tree, twin)]
    const theirs = new Map(b.map((one) => [one.name, one]))
    examined += a.length
    const others = a.flatMap((one) => difference(one, theirs.get(one.name)))
    failures.push(...others, ...(others.length > 0 ? [] : otherMember(fat, jar, lean, twin)))
  }
  return {
    examined,
    failures,
    notes: [],
    counted: examined === 0 ? '' : `${examined} Java libraries`,
  }
}

/** Same libraries in the same versions, of another build: code or settings that changed without their number. */
function otherMember(fat: Side, jar: TreeEntry, lean: Side, twin: TreeEntry): readonly Evidence[] {
  const member = differentMember({ tree: fat.tree, entry: jar }, { tree: lean.tree, entry: twin })
  if (member === undefined || member === '') return []
  const { path } = jar
  return [
    {
      message: `${path}: ${member} is not the same in lean`,
      path,
      subject: member,
      missing: { kind: 'file', path },
    },
  ]
}

/** Programs that say what was compiled into them: Go's own record, and cargo-auditable's. */
function compiledPrograms(fat: Side, lean: Side): LanguageCheck {
  let examined = 0
  const failures: Evidence[] = []
  const notes: Evidence[] = []
  for (const { path } of fat.ownEntries().filter((entry) => isProgram(entry))) {
    const parts = partsOf(fat.tree, path)
    const other = entryAt(lean.tree, path) ? partsOf(lean.tree, path) : undefined
    if (!parts || !other) continue
    examined += 1
    failures.push(...otherParts(path, parts, other))
    notes.push({ message: `${path}: ${parts.made}, ${count(parts.components.length, 'module')}` })
  }
  return {
    examined,
    failures,
    notes,
    counted: examined === 0 ? '' : count(examined, 'compiled program'),
  }
}

function otherParts(path: string, a: ProgramParts, b: ProgramParts): readonly Evidence[] {
  const theirs = new Map(b.components.map(({ name, version }) => [name, version]))
  const compiler =
    a.made === b.made
      ? []
      : [
          {
            message: `${path} is made with ${a.made} in fat and with ${b.made} in lean`,
            path,
            fat: a.made,
            lean: b.made,
          },
        ]
  const libraries = a.components.flatMap(({ name, version }): readonly Evidence[] => {
    const other = theirs.get(name) ?? 'absent'
    if (other === version) return []
    return [
      {
        message: `${path}: ${name} is ${version} in fat and ${other} in lean`,
        subject: name,
        path,
        fat: version,
        lean: other,
      },
    ]
  })
  return [...compiler, ...libraries]
}

function isProgram({ kind, mode, size }: TreeEntry): boolean {
  return kind === 'file' && (mode & 0o111) !== 0 && size > 100_000
}

type Named = Pick<NodePackage | Gem | JavaLibrary, 'name' | 'version' | 'path'>

function difference(a: Named, b: Named | undefined): readonly Evidence[] {
  if (b?.name === a.name && b.version === a.version) return []
  const found =
    b === undefined ? 'absent' : b.name === a.name ? b.version : `${b.name} ${b.version}`
  const missing = { kind: 'file', path: a.path } as const
  return [
    {
      message: b
        ? `${a.name} is ${a.version} in fat and ${found} in lean`
        : `${a.name} ${a.version} is missing in lean`,
      subject: a.name,
      path: a.path,
      fat: a.version,
      lean: found,
      missing,
    },
  ]
}

function isOwn(path: string, side: Side): boolean {
  return (entryAt(side.tree, path)?.layer ?? -1) >= side.subject.baseLayers && !isOwned(path, side)
}

function isOwned(path: string, side: Side): boolean {
  return side.packages()?.ownerOf(path) !== undefined
}
