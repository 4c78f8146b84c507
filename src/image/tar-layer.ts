import { Fault } from '../base/index.ts'
import { type ByteSource, scanTar, type TarHeader } from './tar/index.ts'
import { type LayerView, resolvePath, type TreeEntry } from './tree/index.ts'

/** One regular file of a layer, by the name it has there. */
export type LayerFile = Pick<TreeEntry, 'path' | 'size' | 'hardlinkGroup'>

/** A layer as it lies in its archive, and the sum of its regular files. */
export type TarLayer = {
  readonly view: LayerView
  readonly bytes: number
  /** Its regular files, in the archive's order. */
  readonly files: () => Iterable<LayerFile>
}

/** What a member makes, as the merged tree shows it: an object for every file of an image, and no second one. */
type Member = TreeEntry & {
  /** Where a file's bytes are in the archive. */
  readonly offset: number
  readonly xattrs: ReadonlyMap<string, Uint8Array> | undefined
}

/**
 * A layer read in place (image-spec, layer.md): its headers are kept, bodies are read when somebody asks. Whiteouts
 * count before the same layer's own entries; of two members at one path the later wins; directories that no member
 * makes are there with mode 0755.
 * @param source an uncompressed tar
 * @param index the layer's place in its image, 0 = lowest: there its entries are shown as they are, elsewhere copied
 * @throws Fault TAR_INVALID, TAR_TRUNCATED, TAR_UNSUPPORTED, TAR_LIMIT
 */
export function tarLayer(source: ByteSource, index: number = 0): TarLayer {
  const { members, children, opaque } = membersOf(source, index)
  const file = (path: string): Member => {
    const found = members.get(path)
    if (found === undefined || found === 'whiteout' || found.kind !== 'file')
      throw new Fault('TREE_NOT_A_FILE', `${path} is not a file`)
    return found
  }
  return {
    bytes: sumOf(members.values()),
    files: () => filesOf(members),
    view: {
      node: (path) => members.get(path),
      names: (path) =>
        (children.get(path) ?? none).map((child) => child.slice(child.lastIndexOf('/') + 1)),
      paths: (path) => children.get(path) ?? none,
      opaque: (path) => opaque.has(path),
      read: (path, part) => {
        const { size, offset } = file(path)
        const from = Math.min(part?.offset ?? 0, size)
        return source.readAt(offset + from, Math.min(part?.length ?? size, size - from))
      },
      xattrs: (path) => {
        const found = members.get(path)
        return found === 'whiteout' ? undefined : found?.xattrs
      },
    },
  }
}

type Members = {
  readonly members: Map<string, Member | 'whiteout'>
  /** Paths in each directory, in the archive's order. */
  readonly children: ReadonlyMap<string, readonly string[]>
  readonly opaque: ReadonlySet<string>
}

function membersOf(source: ByteSource, index: number): Members {
  const { members, children, put, makeDirectory, settle } = emptyLayer(index)
  const opaque = new Set<string>()
  for (const { header, offset } of scanTar(source)) {
    const path = settle(pathOf(header.name))
    const cut = path.includes('/.wh.') ? path.lastIndexOf('/') : -1
    if (cut < 0 || !path.startsWith(whiteoutPrefix, cut + 1)) {
      const target = header.kind === 'hardlink' ? settle(pathOf(header.link ?? '')) : undefined
      put(path, memberOf({ header, offset, path, index, target }, members))
      continue
    }
    const above = path.slice(0, cut)
    const hidden = path.slice(cut + 1 + whiteoutPrefix.length)
    if (hidden === '.wh..opq') {
      // A directory that only this names is made, as unpacking makes it.
      makeDirectory(above || '/')
      opaque.add(above || '/')
    }
    // AUFS keeps books of its own under such names.
    else if (hidden.startsWith(whiteoutPrefix)) continue
    else {
      const gone = `${above}/${hidden}`
      // Hides what lower layers have there whatever this layer makes of the path.
      opaque.add(gone)
      if (!members.has(gone)) put(gone, 'whiteout')
    }
  }
  return { members, children, opaque }
}

type Draft = Pick<Members, 'members' | 'children'> & {
  /** The later of two members at one path counts; what was in a directory goes with it. */
  readonly put: (path: string, member: Member | 'whiteout') => void
  readonly makeDirectory: (path: string) => void
  /** The path without the layer's own symbolic links on the way, as whoever unpacks the layer walks it. */
  readonly settle: (path: string) => string
}

function emptyLayer(index: number): Draft {
  const members = new Map<string, Member | 'whiteout'>([['/', directory('/', index)]])
  const children = new Map<string, string[]>()
  const childrenOf = (dir: string): string[] => {
    const known = children.get(dir)
    if (known) return known
    const made: string[] = []
    children.set(dir, made)
    return made
  }
  const empty = (path: string): void => {
    const gone = [path]
    for (let dir = gone.pop(); dir !== undefined; dir = gone.pop()) {
      for (const child of children.get(dir) ?? none) {
        members.delete(child)
        gone.push(child)
      }
      children.delete(dir)
    }
  }
  const place = (beside: string[], path: string, member: Member | 'whiteout'): void => {
    const before = members.size
    members.set(path, member)
    if (members.size > before) beside.push(path)
    else if (!isDirectory(member)) empty(path)
  }
  const makeDirectory = (path: string): void => {
    if (path.length > longest) throw tooLong(path)
    const missing: string[] = []
    for (let dir = path; !isDirectory(members.get(dir)); dir = parentOf(dir)) missing.push(dir)
    for (const dir of missing.reverse())
      place(childrenOf(parentOf(dir)), dir, directory(dir, index))
  }
  // An archive names what is in one directory one after the other.
  let last = { dir: '', inside: [] as string[] }
  const isInLast = (path: string): boolean =>
    last.dir !== '' && path.lastIndexOf('/') === last.dir.length && path.startsWith(last.dir)
  return {
    ...{ members, children, makeDirectory },
    put: (path, member) => {
      if (path === '/') {
        if (member !== 'whiteout') members.set('/', member)
        return
      }
      if (!isInLast(path)) {
        const dir = parentOf(path)
        makeDirectory(dir)
        last = { dir, inside: childrenOf(dir) }
      }
      place(last.inside, path, member)
    },
    settle: (path) => (isInLast(path) ? path : throughLinks(members, path)),
  }
}

function throughLinks(members: ReadonlyMap<string, Member | 'whiteout'>, path: string): string {
  for (let dir = parentOf(path); dir !== '/'; dir = parentOf(dir)) {
    const found = members.get(dir)
    if (found === undefined || found === 'whiteout') continue
    if (found.kind !== 'symlink') return path
    const lookup = (name: string): TreeEntry | undefined => {
      const member = members.get(name)
      return member === 'whiteout' ? undefined : member
    }
    const real = resolvePath({ lookup }, parentOf(path)).path
    return `${real === '/' ? '' : real}${path.slice(path.lastIndexOf('/'))}`
  }
  return path
}

/** Characters of a path; sixteen times what Linux takes at once. Each of its directories is looked up. */
const longest = 1 << 16

function tooLong(path: string): Fault {
  const begin = JSON.stringify(path.slice(0, 100))
  const message = `the archive has a path of ${path.length} characters, which begins ${begin}`
  return new Fault('TAR_LIMIT', message, { kind: 'invalid' })
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

const whiteoutPrefix = '.wh.'
const none: readonly string[] = []

function isDirectory(member: Member | 'whiteout' | undefined): boolean {
  return member !== undefined && member !== 'whiteout' && member.kind === 'dir'
}

/** Absolute, without `.` and empty parts; `..` stays inside the root. */
function pathOf(written: string): string {
  const name = written.endsWith('/') ? written.slice(0, -1) : written
  if (isPlain(name)) return `/${name}`
  const parts: string[] = []
  for (const part of name.split('/'))
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  return `/${parts.join('/')}`
}

/** How most archives name most members: `usr/bin/x`. */
function isPlain(name: string): boolean {
  const first = name.charCodeAt(0)
  return (
    first !== slash &&
    first !== dot &&
    name.charCodeAt(name.length - 1) !== slash &&
    !name.includes('/.') &&
    !name.includes('//') &&
    name !== ''
  )
}

const slash = 0x2f
const dot = 0x2e

function directory(path: string, layer: number): Member {
  const attributes = { kind: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 } as const
  return { path, ...attributes, layer, offset: 0, xattrs: undefined }
}

type Placed = {
  readonly header: TarHeader
  readonly offset: number
  readonly path: string
  readonly index: number
  /** Of a hard link. */
  readonly target: string | undefined
}

function memberOf(
  { header, offset, path, index: layer, target }: Placed,
  members: Map<string, Member | 'whiteout'>,
): Member {
  const { kind, mode, uid, gid, size, mtime, link, device, xattrs } = header
  if (kind === 'hardlink') return linkTo(target ?? '/', path, members)
  const plain = { path, kind, mode, uid, gid, size, mtime, layer, offset, xattrs }
  if (link === undefined && device === undefined) return plain
  return {
    ...plain,
    ...(link === undefined ? {} : { link }),
    ...(device === undefined ? {} : { device }),
  }
}

/** One more name of a member that came before: both are in one group from then on. */
function linkTo(target: string, path: string, members: Map<string, Member | 'whiteout'>): Member {
  const found = members.get(target)
  if (found === undefined || found === 'whiteout')
    throw new Fault('TAR_INVALID', `the archive is invalid: ${path} links to nothing`, {
      kind: 'invalid',
    })
  const linked = { ...found, hardlinkGroup: found.hardlinkGroup ?? target }
  members.set(target, linked)
  return { ...linked, path }
}

function* filesOf(members: ReadonlyMap<string, Member | 'whiteout'>): Iterable<LayerFile> {
  for (const member of members.values())
    if (member !== 'whiteout' && member.kind === 'file') yield member
}

/** Files by their content: names of one file count once. */
function sumOf(members: Iterable<Member | 'whiteout'>): number {
  const groups = new Set<string>()
  let sum = 0
  for (const member of members) {
    if (member === 'whiteout' || member.kind !== 'file') continue
    const group = member.hardlinkGroup
    if (group !== undefined && groups.has(group)) continue
    if (group !== undefined) groups.add(group)
    sum += member.size
  }
  return sum
}
