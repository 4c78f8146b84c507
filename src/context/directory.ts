import { type Dirent, lstatSync, readdirSync, readlinkSync, readSync } from 'node:fs'
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

/** What a build uses of a `Stats`, which is ten times as large: a big context has 50,000 of them. */
export type FileStat = {
  readonly dev: number
  readonly ino: number
  readonly mode: number
  readonly nlink: number
  readonly rdev: number
  readonly size: number
  /** Milliseconds as doubles, as `Stats` has them. */
  readonly mtimeMs: number
  readonly ctimeMs: number
}

/** A path on disk that the patterns may or may not hide. */
type Node = {
  readonly stat: FileStat
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
  stat(path: string): FileStat | undefined
  /** Path on the host, bytes when its name is not UTF-8; says nothing about whether the path is visible. */
  host(path: string): string | Buffer
  /** Whether the host's directory holds anything that the tree does not show. */
  hidesBelow(path: string): boolean
}

/**
 * Reads `root` (a real path) when asked and keeps what it saw, so that one build sees one state. As BuildKit's local
 * source: owner 0:0, mode with setuid kept, links never followed, a directory that is excluded
 * itself shown as soon as something below it is re-included.
 */
export function openDirectory(root: string, patterns: PatternSet): DirectoryTree {
  const scan: Scan = {
    nodes: new Map(),
    patterns,
    filtered: patterns.patterns.length > 0,
    host: (path) => diskPath(path === '/' ? root : root === '/' ? path : root + path),
  }
  const { host } = scan
  const lookup = (path: string): TreeEntry | undefined => {
    const node = visible(scan, path)
    if (!node) return undefined
    node.entry ??= entryOf(path, node, () => decodePath(readlinkSync(host(path), 'buffer')))
    return node.entry
  }
  const readdir = (path: string): readonly string[] => {
    const node = visible(scan, path)
    return node?.kind === 'dir' ? list(scan, path, node).names : []
  }
  function* walk(path: string): Iterable<TreeEntry> {
    const entry = lookup(path)
    if (!entry) return
    yield entry
    if (entry.kind === 'dir') for (const name of readdir(path)) yield* walk(join(path, name))
  }
  return {
    layerCount: 1,
    lookup,
    readdir,
    read: (path, part) => {
      if (visible(scan, path)?.kind !== 'file') throw notAFile(path)
      return readPart(host(path), path, part)
    },
    walk: () => walk('/'),
    // BuildKit's come to nothing: its client sends them, its daemon's chown drops capabilities, its exporter the rest.
    xattrs: () => undefined,
    stat: (path) => visible(scan, path)?.stat,
    host,
    hidesBelow: (path) => scan.filtered && hidesBelow(scan, path),
  }
}

/** What was seen so far; null for a path that is not there. */
type Scan = {
  readonly nodes: Map<string, Node | null>
  readonly patterns: PatternSet
  readonly filtered: boolean
  readonly host: (path: string) => string | Buffer
}

/** The node that the tree shows at a path. */
function visible(scan: Scan, path: string): Node | null {
  const node = find(scan, path)
  if (!node?.state?.excluded) return node
  if (node.kind !== 'dir') return null
  node.shown ??= !isClosed(scan, path, node) && list(scan, path, node).names.length > 0
  return node.shown ? node : null
}

/** The node at a path, excluded or not; what lies in a closed directory is not looked for. */
function find(scan: Scan, path: string): Node | null {
  const known = scan.nodes.get(path)
  if (known !== undefined) return known
  const node = path === '/' ? see(scan, path, undefined) : findChild(scan, path)
  scan.nodes.set(path, node)
  return node
}

function findChild(scan: Scan, path: string): Node | null {
  const cut = path.lastIndexOf('/')
  const name = path.slice(cut + 1)
  if (cut < 0 || name === '' || name === '.' || name === '..' || name.includes('\0')) return null
  const above = path.slice(0, Math.max(1, cut))
  const parent = find(scan, above)
  if (parent?.kind !== 'dir' || isClosed(scan, above, parent)) return null
  return see(scan, path, stateOf(scan, path, parent))
}

function see(scan: Scan, path: string, state: PatternState | undefined): Node | null {
  const stat = statOf(scan.host(path), path)
  const kind = stat && kindOf(stat.mode)
  return stat && kind ? { stat, kind, state } : null
}

function stateOf(scan: Scan, path: string, parent: Node): PatternState | undefined {
  return scan.filtered ? scan.patterns.match(path.slice(1), parent.state) : undefined
}

/** An excluded directory that no pattern reaches into. */
function isClosed(scan: Scan, path: string, node: Node): boolean {
  return node.state?.excluded === true && !scan.patterns.mayReinclude(path.slice(1))
}

function list(scan: Scan, path: string, node: Node): Listing {
  node.listing ??= makeListing(scan, path, node)
  return node.listing
}

function makeListing(scan: Scan, path: string, node: Node): Listing {
  if (isClosed(scan, path, node)) return { names: [], hides: true }
  const names: string[] = []
  let hides = false
  for (const dirent of readDirectory(scan.host(path), path, node.state?.excluded ?? false)) {
    const name = decodeLatin1Name(dirent.name)
    const child = join(path, name)
    const state = stateOf(scan, child, node)
    const reached = dirent.isDirectory() && scan.patterns.mayReinclude(child.slice(1))
    const gone = state?.excluded === true && !reached
    // Excluded files are the bulk of a big context: they are not even looked at.
    if (!gone && !scan.nodes.has(child)) scan.nodes.set(child, see(scan, child, state))
    if (!gone && visible(scan, child)) names.push(name)
    else hides = true
  }
  return { names: names.sort(byCodeUnit), hides }
}

function hidesBelow(scan: Scan, path: string): boolean {
  const node = visible(scan, path)
  if (node?.kind !== 'dir') return false
  const { names, hides } = list(scan, path, node)
  return hides || names.some((name) => hidesBelow(scan, join(path, name)))
}

function join(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`
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

function statOf(host: string | Buffer, path: string): FileStat | undefined {
  try {
    const stat = lstatSync(host, { throwIfNoEntry: false })
    if (!stat) return undefined
    const { dev, ino, mode, nlink, rdev, size, mtimeMs, ctimeMs } = stat
    return { dev, ino, mode, nlink, rdev, size, mtimeMs, ctimeMs }
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
