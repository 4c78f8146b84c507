import type { FileTree, TreeEntry } from '../../image/index.ts'
import { entriesOf } from '../system/index.ts'
import { copyArguments, shellWord } from './literal.ts'
import type { Owners } from './owners.ts'

/** Whole directories, and single files, that the runtime copies. Absolute, in the order of the tree. */
export type Places = {
  readonly directories: readonly string[]
  readonly files: readonly string[]
  /** Symbolic links, which COPY would follow: made again by their text. */
  readonly links?: readonly { readonly path: string; readonly to: string }[]
}

/**
 * The places of what one layer of the fat image left and the runtime needs: the highest directory in which everything
 * is kept and nothing is older than the layer, else the file itself.
 * @param keeps asked for files and links
 * @param whole directories that go as one where anything in them goes
 */
export function placesOf({
  tree,
  layer,
  keeps,
  whole,
}: {
  readonly tree: FileTree
  readonly layer: number
  readonly keeps: (entry: TreeEntry) => boolean
  readonly whole: readonly string[]
}): Places {
  const directories = new Set<string>()
  const files: string[] = []
  const links: { path: string; to: string }[] = []
  const known = new Map<string, boolean>()
  const complete = (dir: string): boolean => {
    const before = known.get(dir)
    if (before !== undefined) return before
    const own = tree.lookup(dir)
    const found = tree.readdir(dir).every((name) => {
      const entry = tree.lookup(`${dir}/${name}`)
      if (!entry || entry.path.endsWith('.pyc')) return true
      if (!sameOwner(entry, own)) return false
      return entry.kind === 'dir' ? complete(entry.path) : entry.layer >= layer && keeps(entry)
    })
    known.set(dir, found)
    return found
  }
  for (const entry of entriesOf(tree)) {
    if (entry.layer !== layer) continue
    const isEmpty = entry.kind === 'dir' && tree.readdir(entry.path).length === 0
    if (entry.kind === 'dir' ? !isEmpty || isShared(entry.path) : !keeps(entry)) continue
    if (isEmpty && (!keeps(entry) || entry.path.startsWith('/usr/'))) continue
    const top =
      whole.find((dir) => entry.path === dir || entry.path.startsWith(`${dir}/`)) ??
      highest(entry.path, complete) ??
      (isEmpty ? entry.path : undefined)
    if (top !== undefined) directories.add(top)
    else if (entry.kind === 'symlink') links.push({ path: entry.path, to: entry.link ?? '' })
    else files.push(entry.path)
  }
  return { directories: [...directories], files, ...(links.length > 0 ? { links } : {}) }
}

/** COPY gives everything one owner. What is left of a directory that is gone has none to compare with. */
function sameOwner(entry: TreeEntry, parent: TreeEntry | undefined): boolean {
  return parent === undefined || (entry.uid === parent.uid && entry.gid === parent.gid)
}

/**
 * COPY lines that bring places to the runtime, at the same absolute paths and with their owners. One for each
 * directory, and for the files of each directory and owner.
 */
export function copyLines(
  { directories, files, links = [] }: Places,
  builder: string,
  owners: Owners = () => null,
): readonly string[] {
  const copy = (owner: string | null, from: readonly string[], to: string): string =>
    `COPY --from=${builder}${owner === null ? '' : ` --chown=${owner}`} ${copyArguments(from, to)}`
  const groups = new Map<string, { owner: string | null; parent: string; paths: string[] }>()
  for (const path of files) {
    const parent = path.slice(0, path.lastIndexOf('/') + 1)
    const owner = owners(path)
    const group = groups.get(`${parent}\0${owner}`) ?? { owner, parent, paths: [] }
    group.paths.push(path)
    groups.set(`${parent}\0${owner}`, group)
  }
  return [
    ...directories.map((dir) => copy(owners(dir), [dir], dir)),
    ...[...groups.values()].map(({ owner, parent, paths }) => copy(owner, paths, parent)),
    ...linkLines(links),
  ]
}

function linkLines(links: NonNullable<Places['links']>): readonly string[] {
  const commands = links.map(({ path, to }) => `ln -s ${shellWord(to)} ${shellWord(path)}`)
  return commands.length === 0 ? [] : [`RUN ${commands.join(' && ')}`]
}

function highest(path: string, complete: (dir: string) => boolean): string | undefined {
  let found: string | undefined
  for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
    const dir = path.slice(0, at)
    if (isShared(dir) || !complete(dir)) break
    found = dir
  }
  return found
}

/** Directories of the file system hierarchy are never copied whole. */
export function isShared(path: string): boolean {
  return /^\/(?:etc|usr|usr\/(?:local\/)?(?:bin|sbin|lib|share|include|libexec|etc)|usr\/local|var|var\/lib|opt|srv|home|root|bin|sbin|lib|lib64|mnt|media|tmp|go|go\/(?:bin|src)|usr\/local\/cargo(?:\/bin)?)$/.test(
    path,
  )
}
