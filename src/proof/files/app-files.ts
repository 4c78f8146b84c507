import { findProgram, sameArchive } from '../../analysis/index.ts'
import type { TreeEntry } from '../../image/index.ts'
import { entryAt, type Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { isAppEntry, isCopy } from './app-entry.ts'
import { sameContent } from './content.ts'
import { sameForUser } from './directory-modes.ts'
import { leftOutByPackageManager } from './excluded.ts'
import { explain } from './explain.ts'
import { isReplacedJava } from './java-home.ts'
import { sameJson } from './json-content.ts'
import { madeByPackageManager } from './leftovers.ts'

/** What the comparison of the app's files found. */
export type FileComparison = {
  readonly examined: number
  readonly failures: readonly Evidence[]
  /** How often each explanation was used. */
  readonly explained: ReadonlyMap<string, number>
}

/**
 * The app is what fat's layers above its base hold and no package manager owns; a file that COPY brought is the app's
 * whoever owns the path. Each must be in lean with the same content, mode and owner, or have an explanation.
 */
export function compareAppFiles(fat: Side, lean: Side): FileComparison {
  const failures: Evidence[] = []
  const explained = new Map<string, number>()
  const doubtful = new Set<string>()
  let examined = 0
  for (const entry of fat.entries()) {
    if (!isProjects(entry, fat) || !isAppEntry(entry, fat)) continue
    if (isReplacedJava(entry.path, fat, lean)) continue
    const difference = differenceOf(entry, fat, lean)
    if (difference === undefined) {
      if (entry.kind !== 'dir') examined += 1
      continue
    }
    const why = explain(entry, fat)
    if (why !== undefined) explained.set(why, (explained.get(why) ?? 0) + 1)
    else if (entry.kind === 'dir' && difference.absent && !isEmpty(entry, fat))
      doubtful.add(entry.path)
    else failures.push(difference.evidence)
  }
  // A directory that is absent and not empty fails or passes with what it holds: each file was judged above.
  if (doubtful.size > 0) explained.set('directories of what is explained or owned', doubtful.size)
  failures.push(...changedByFat(fat, lean), ...changedByLean(fat, lean), ...addedFiles(fat, lean))
  return { examined: examined + failures.length, failures, explained }
}

/** Directories of a system. What a base holds outside of them is no system's: a base of the user's own with an app. */
const ofSystem =
  /^\/(?:usr|etc|var|bin|sbin|lib\w*|boot|root|run|tmp|proc|sys|dev|media|mnt|home)(?:\/|$)/

function isProjects(entry: TreeEntry, { subject }: Side): boolean {
  return entry.layer >= subject.baseLayers || (entry.kind !== 'dir' && !ofSystem.test(entry.path))
}

/** Files that only lean has where programs look for code: they could stand in for what fat loads. */
function addedFiles(fat: Side, lean: Side): readonly Evidence[] {
  const places = codePlaces(lean)
  return lean
    .ownEntries()
    .filter(
      (entry) =>
        entry.kind !== 'dir' &&
        !fat.tree.lookup(entry.path) &&
        (places.some((dir) => entry.path.startsWith(`${dir}/`)) ||
          shadows(entry, fat, lean) ||
          joins(entry, fat)) &&
        isAppEntry(entry, lean) &&
        !entryAt(fat.tree, entry.path) &&
        explain(entry, lean) === undefined,
    )
    .map((entry) => ({
      message: `${entry.path} is in lean only`,
      path: entry.path,
      fat: 'absent',
      lean: describe(entry),
    }))
}

/** A program that lean finds by a name by which fat finds another one. */
function shadows({ path }: TreeEntry, fat: Side, lean: Side): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (findProgram(lean.tree, lean.subject.config, name) !== path) return false
  return findProgram(fat.tree, fat.subject.config, name) !== undefined
}

/** One more of its kind in a directory of the app: plug-ins, migrations and jars are loaded by looking what is there. */
function joins({ path }: TreeEntry, fat: Side): boolean {
  const at = path.lastIndexOf('/')
  const [dir, extension] = [path.slice(0, at), /\.\w+$/.exec(path.slice(at + 1))?.[0]]
  if (extension === undefined || ofSystem.test(path)) return false
  return fat.tree.readdir(dir).some((name) => {
    const other = name.endsWith(extension) ? fat.tree.lookup(`${dir}/${name}`) : undefined
    return other !== undefined && other.layer >= fat.subject.baseLayers
  })
}

/** The working directory, PYTHONPATH, LD_LIBRARY_PATH, and each Python's standard library and sites. */
function codePlaces({ config, env, environments }: Side): readonly string[] {
  const searched = env
    .filter((line) => /^(?:PYTHONPATH|LD_LIBRARY_PATH|NODE_PATH)=/.test(line))
    .flatMap((line) => line.slice(line.indexOf('=') + 1).split(':'))
  const pythons = environments().flatMap(({ prefix, version, sitePackages }) => [
    `${prefix}/lib/python${version}`,
    ...sitePackages,
  ])
  return [config.WorkingDir ?? '', ...searched, ...pythons]
    .map((dir) => dir.replace(/\/+$/, ''))
    .filter((dir) => dir.startsWith('/'))
}

type Difference = { readonly absent: boolean; readonly evidence: Evidence }

function differenceOf(entry: TreeEntry, fat: Side, lean: Side): Difference | undefined {
  const { path } = entry
  const other = entryAt(lean.tree, path)
  const found = (message: string, left: string, right: string): Difference => ({
    absent: false,
    evidence: { message: `${path}: ${message}`, path, fat: left, lean: right },
  })
  if (!other)
    return {
      absent: true,
      evidence: {
        message: `${path} is missing in lean`,
        path,
        fat: describe(entry),
        lean: 'absent',
        missing: { kind: 'file', path },
      },
    }
  if (other.kind !== entry.kind) return found('another kind of file', entry.kind, other.kind)
  if (entry.kind === 'symlink')
    return entry.link === other.link
      ? undefined
      : found('another target', entry.link ?? '', other.link ?? '')
  if (entry.kind === 'file' && !sameFile(entry, other, fat, lean))
    return found('another content', `${entry.size} bytes`, `${other.size} bytes`)
  const [left, right] = [describe(entry), describe(other)]
  if (left !== right && !sameForUser(entry, other, fat))
    return found('another mode or owner', left, right)
  const [mine, theirs] = [capabilities(entry, fat), capabilities(other, lean)]
  return mine === theirs ? undefined : found('other file capabilities', mine, theirs)
}

/** Jars that were built twice differ in the times of their members only, and JSON in their order. */
function sameFile(entry: TreeEntry, other: TreeEntry, fat: Side, lean: Side): boolean {
  const [a, b] = [
    { tree: fat.tree, entry },
    { tree: lean.tree, entry: other },
  ] as const
  if (sameContent(a, b)) return true
  if (/\.[jw]ar$/.test(entry.path)) return sameArchive(a, b)
  return !isCopy(fat.createdBy(entry.layer)) && sameJson(a, b)
}

/** capabilities(7) of a program, as the bytes of its attribute; `none` without. */
function capabilities({ kind, path }: TreeEntry, { tree }: Side): string {
  const bytes = kind === 'file' ? tree.xattrs(path)?.get('security.capability') : undefined
  return bytes ? Buffer.from(bytes).toString('hex') : 'none'
}

/** `file 0644 1000:1000`: what must be equal besides the content. */
function describe({ kind, mode, uid, gid }: TreeEntry): string {
  return `${kind} ${mode.toString(8).padStart(4, '0')} ${uid}:${gid}`
}

function isEmpty({ path }: TreeEntry, { tree }: Side): boolean {
  return tree.readdir(path).length === 0
}

/**
 * Files of packages that both images have in one version and that a line of fat changed: an edited setting, a patched
 * module, a mode. A file that lies as its package installed it is equal, so only the few changed ones are evidence.
 */
function changedByFat(fat: Side, lean: Side): readonly Evidence[] {
  const leftOut = leftOutByPackageManager(fat, lean)
  return fat.ownEntries().flatMap((entry) => {
    if (entry.kind !== 'file' || isCopy(fat.createdBy(entry.layer))) return []
    if (leftOut(entry.path) && !entryAt(lean.tree, entry.path)) return []
    const owner = fat.packages()?.ownerOf(entry.path)
    if (!owner || !sameVersion(owner.name, fat, lean) || explain(entry, fat) !== undefined)
      return []
    const difference = whereChanged(entry, fat, lean)
    return difference ? [{ ...difference.evidence, package: owner.name }] : []
  })
}

/** What a line of lean changed although fat has it from its base: files of packages and of neither package nor app. */
function changedByLean(fat: Side, lean: Side): readonly Evidence[] {
  return lean.ownEntries().flatMap((entry) => {
    const before = entry.kind === 'file' ? entryAt(fat.tree, entry.path) : undefined
    if (before?.kind !== 'file' || before.layer >= fat.subject.baseLayers) return []
    const owner = lean.packages()?.ownerOf(entry.path)
    if (owner && !sameVersion(owner.name, fat, lean)) return []
    if (lean.distributionOf(entry.path) || explain(entry, lean) !== undefined) return []
    const difference = whereChanged(before, fat, lean)
    return difference ? [difference.evidence] : []
  })
}

function sameVersion(name: string, fat: Side, lean: Side): boolean {
  const [a, b] = [fat, lean].map((side) => side.packages()?.packages.get(name))
  return a !== undefined && a.version === b?.version
}

/** What a package manager unpacked is not read again, but settings are: their installation may ask and write. */
function whereChanged(entry: TreeEntry, fat: Side, lean: Side): Difference | undefined {
  const other = entryAt(lean.tree, entry.path)
  const unpacked =
    other?.size === entry.size &&
    !entry.path.startsWith('/etc/') &&
    madeByPackageManager(entry.path, fat.createdBy(entry.layer)) &&
    madeByPackageManager(entry.path, lean.createdBy(other.layer))
  if (!unpacked) return differenceOf(entry, fat, lean)
  const [left, right] = [describe(entry), describe(other)]
  if (left === right && capabilities(entry, fat) === capabilities(other, lean)) return undefined
  return differenceOf(entry, fat, lean)
}
