import type { TreeEntry } from '../../image/index.ts'
import { entryAt, type Side } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { sameContent } from './content.ts'
import { explain, isCopy } from './explain.ts'

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
  const own = fat.ownEntries()
  for (const entry of own) {
    if (!isAppEntry(entry, fat)) continue
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
  failures.push(...changedSettings(fat, lean), ...addedFiles(fat, lean))
  return { examined: examined + failures.length, failures, explained }
}

/** Files that only lean has where programs look for code: they could stand in for what fat loads. */
function addedFiles(fat: Side, lean: Side): readonly Evidence[] {
  const workDir = (lean.config.WorkingDir ?? '/').replace(/\/+$/, '')
  const sites = lean.environments().flatMap(({ sitePackages }) => sitePackages)
  const places = [workDir, ...sites].filter((dir) => dir !== '')
  return lean
    .ownEntries()
    .filter(
      (entry) =>
        entry.kind !== 'dir' &&
        places.some((dir) => entry.path.startsWith(`${dir}/`)) &&
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

/** True for what the project itself made or brought: not the base's, not a package's, not a device. */
export function isAppEntry(entry: TreeEntry, side: Side): boolean {
  if (!['file', 'dir', 'symlink'].includes(entry.kind) || entry.path === '/') return false
  if (side.distributionOf(entry.path)) return false
  const owned = side.packages()?.ownerOf(entry.path) !== undefined
  return !owned || (entry.kind === 'file' && isCopy(side.createdBy(entry.layer)))
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
  if (
    entry.kind === 'file' &&
    !sameContent({ tree: fat.tree, entry }, { tree: lean.tree, entry: other })
  )
    return found('another content', `${entry.size} bytes`, `${other.size} bytes`)
  const [left, right] = [describe(entry), describe(other)]
  return left === right ? undefined : found('another mode or owner', left, right)
}

/** `file 0644 1000:1000`: what must be equal besides the content. */
function describe({ kind, mode, uid, gid }: TreeEntry): string {
  return `${kind} ${mode.toString(8).padStart(4, '0')} ${uid}:${gid}`
}

function isEmpty({ path }: TreeEntry, { tree }: Side): boolean {
  return tree.readdir(path).length === 0
}

/**
 * Settings below /etc that packages own and that both images have: a RUN that edits one leaves no other trace. Those of
 * a package that only fat has, or has in another version, are the package's.
 */
function changedSettings(fat: Side, lean: Side): readonly Evidence[] {
  return fat.ownEntries().flatMap((entry) => {
    const { path } = entry
    if (entry.kind !== 'file' || !path.startsWith('/etc/') || isCopy(fat.createdBy(entry.layer)))
      return []
    const owner = fat.packages()?.ownerOf(path)
    const twin = owner && lean.packages()?.packages.get(owner.name)
    if (!owner || twin?.version !== owner.version || explain(entry, fat) !== undefined) return []
    const difference = differenceOf(entry, fat, lean)
    return difference ? [{ ...difference.evidence, package: owner.name }] : []
  })
}
