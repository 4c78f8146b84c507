import { type Dirent, lstatSync, readdirSync, readlinkSync, readSync, type Stats } from 'node:fs'
import { Fault } from '../base/index.ts'
import {
  byCodeUnit,
  decodeLatin1Name,
  decodePath,
  diskPath,
  type FileTree,
  type PatternSet,
  type PatternState,
  type TreeEntry,
} from '../image/index.ts'
import { openRegular, unreadable } from './content.ts'

/** A path on disk that the patterns may or may not hide. */
type Node = {
  readonly stat: Stats
  readonly kind: TreeEntry['kind']
  /** Undefined at the root and where there are no patterns. */
  readonly state: PatternState | undefined
  entry?: TreeEntry
  listing?: Listing
  /** For an excluded directory: whether a pattern brings something below it back. */
  shown?: boolean
}

type Listing = { readonly names: readonly string[]; readonly hides: boolean }

/** A directory of the host as a file tree, with what the patterns exclude absent. */
export type DirectoryTree = FileTree & {
  /** `lstat` of a visible path as it was first seen. */
  stat(path: string): Stats | undefined
  /** Path on the host, bytes when its name is not UTF-8; says nothing about whether the path is visible. */
  host(path: string): string | Buffer
  /** Whether the host's directory holds anything that the tree does not show. */
  hidesBelow(path: string): boolean
}

/**
 * Reads `root` (a real path) when asked and keeps what it saw, so that one build sees one state. As BuildKit's local
 * source: owner 0:0, mode with setuid kept, links never followed, sockets left out, a directory that is excluded
 * itself shown as soon as something below it is re-included.
 */
export function openDirectory(root: string, patterns: PatternSet): DirectoryTree {
  const nodes = new Map<string, Node | null>()
  const filtered = patterns.patterns.length > 0
  const host = (path: string): string | Buffer =>
    diskPath(path === '/' ? root : root === '/' ? path : root + path)

  const stateOf = (path: string, parent: Node): PatternState | undefined =>
    filtered ? patterns.match(path.slice(1), parent.state) : undefined

  const see = (path: string, state: PatternState | undefined): Node | null => {
    const stat = statOf(host(path), path)
    const kind = stat && kindOf(stat.mode)
    return stat && kind && kind !== 'socket' ? { stat, kind, state } : null
  }

  const find = (path: string): Node | null => {
    const known = nodes.get(path)
    if (known !== undefined) return known
    const node = path === '/' ? see(path, undefined) : findChild(path)
    nodes.set(path, node)
    return node
  }

  const findChild = (path: string): Node | null => {
    const cut = path.lastIndexOf('/')
    const name = path.slice(cut + 1)
    if (cut < 0 || name === '' || name === '.' || name === '..' || name.includes('\0')) return null
    const parent = find(cut === 0 ? '/' : path.slice(0, cut))
    if (parent?.kind !== 'dir' || closed(parent, path.slice(0, cut))) return null
    return see(path, stateOf(path, parent))
  }

  /** An excluded directory that no pattern reaches into. */
  const closed = (node: Node, path: string): boolean =>
    node.state?.excluded === true && !patterns.mayReinclude(path.slice(1))

  const visible = (path: string): Node | null => {
    const node = find(path)
    if (!node?.state?.excluded) return node
    if (node.kind !== 'dir') return null
    node.shown ??= !closed(node, path) && list(path, node).names.length > 0
    return node.shown ? node : null
  }

  const list = (path: string, node: Node): Listing => {
    node.listing ??= makeListing(path, node)
    return node.listing
  }

  const makeListing = (path: string, node: Node): Listing => {
    if (closed(node, path)) return { names: [], hides: true }
    const names: string[] = []
    let hides = false
    for (const dirent of readDirectory(host(path), path, node.state?.excluded ?? false)) {
      const name = decodeLatin1Name(dirent.name)
      const child = path === '/' ? `/${name}` : `${path}/${name}`
      const state = stateOf(child, node)
      const gone =
        state?.excluded === true && !(dirent.isDirectory() && patterns.mayReinclude(child.slice(1)))
      // Excluded files are the bulk of a big context: they are not even looked at.
      if (!gone && !nodes.has(child)) nodes.set(child, see(child, state))
      if (!gone && visible(child)) names.push(name)
      else hides = true
    }
    return { names: names.sort(byCodeUnit), hides }
  }

  const lookup = (path: string): TreeEntry | undefined => {
    const node = visible(path)
    if (!node) return undefined
    node.entry ??= entryOf(path, node, () => decodePath(readlinkSync(host(path), 'buffer')))
    return node.entry
  }

  const readdir = (path: string): readonly string[] => {
    const node = visible(path)
    return node?.kind === 'dir' ? list(path, node).names : []
  }

  function* walk(path = '/'): Iterable<TreeEntry> {
    const entry = lookup(path)
    if (!entry) return
    yield entry
    if (entry.kind !== 'dir') return
    for (const name of readdir(path)) yield* walk(path === '/' ? `/${name}` : `${path}/${name}`)
  }

  const hidesBelow = (path: string): boolean => {
    const node = filtered ? visible(path) : null
    if (node?.kind !== 'dir') return false
    const { names, hides } = list(path, node)
    return hides || names.some((name) => hidesBelow(path === '/' ? `/${name}` : `${path}/${name}`))
  }

  return {
    layerCount: 1,
    lookup,
    readdir,
    read: (path, part) => {
      if (visible(path)?.kind !== 'file') throw notAFile(path)
      return readPart(host(path), path, part)
    },
    walk: () => walk(),
    // Copying xattrs of context files is left to a later issue; nothing here reads them.
    xattrs: () => undefined,
    stat: (path) => visible(path)?.stat,
    host,
    hidesBelow,
  }
}

export function notAFile(path: string): Fault {
  return new Fault('TREE_NOT_A_FILE', `${path} is not a regular file`)
}

function readPart(
  host: string | Buffer,
  path: string,
  part: { readonly offset: number; readonly length: number } | undefined,
): Uint8Array {
  using file = openRegular(host, path)
  const { offset, length } = part ?? { offset: 0, length: file.stat.size }
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, file.stat.size - offset)))
  let filled = 0
  while (filled < bytes.length) {
    const count = readSync(file.fd, bytes, filled, bytes.length - filled, offset + filled)
    if (count === 0) break
    filled += count
  }
  return bytes.subarray(0, filled)
}

function entryOf(path: string, { stat, kind }: Node, link: () => string): TreeEntry {
  return {
    path,
    kind,
    mode: stat.mode & 0o7777,
    uid: 0,
    gid: 0,
    size: kind === 'file' ? stat.size : 0,
    mtime: Math.floor(stat.mtimeMs / 1000),
    layer: 0,
    ...(kind === 'symlink' ? { link: link() } : {}),
    ...(kind === 'char' || kind === 'block' ? { device: deviceOf(stat.rdev) } : {}),
    ...(kind === 'file' && stat.nlink > 1 ? { hardlinkGroup: `${stat.dev}:${stat.ino}` } : {}),
  }
}

/** Linux's encoding of device numbers (sys/sysmacros.h), low 32 bits. */
function deviceOf(rdev: number): { readonly major: number; readonly minor: number } {
  return { major: (rdev >>> 8) & 0xfff, minor: (rdev & 0xff) | ((rdev >>> 12) & 0xfff00) }
}

/** A map and not an object: Biome's fixes turn octal property names into wrong decimal ones. */
const kinds: ReadonlyMap<number, TreeEntry['kind']> = new Map([
  [0o100000, 'file'],
  [0o040000, 'dir'],
  [0o120000, 'symlink'],
  [0o020000, 'char'],
  [0o060000, 'block'],
  [0o010000, 'fifo'],
  [0o140000, 'socket'],
])

function kindOf(mode: number): TreeEntry['kind'] | undefined {
  return kinds.get(mode & 0o170000)
}

function statOf(host: string | Buffer, path: string): Stats | undefined {
  try {
    return lstatSync(host, { throwIfNoEntry: false })
  } catch (error) {
    throw wrap(error, path)
  }
}

function readDirectory(host: string | Buffer, path: string, excluded: boolean): readonly Dirent[] {
  try {
    return readdirSync(host, { withFileTypes: true, encoding: 'latin1' })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || (excluded && code === 'EACCES')) return []
    throw wrap(error, path)
  }
}

function wrap(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code
  return code === undefined || error instanceof Fault ? error : unreadable(path, code, error)
}
