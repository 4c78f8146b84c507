import { Fault } from '../base/index.ts'
import { type ByteSource, scanTar, type TarHeader } from './tar/index.ts'
import type { LayerNode, LayerView, TreeEntry } from './tree/index.ts'

/** One regular file of a layer, by the name it has there. */
export type LayerFile = Pick<TreeEntry, 'path' | 'size' | 'hardlinkGroup'>

/** A layer as it lies in its archive, and the sum of its regular files. */
export type TarLayer = {
  readonly view: LayerView
  readonly bytes: number
  /** Its regular files, in the archive's order. */
  readonly files: () => Iterable<LayerFile>
}

type Node = Exclude<LayerNode, 'whiteout'>

type Member = {
  readonly node: Node
  /** Where a file's bytes are in the archive. */
  readonly offset: number
  readonly xattrs: ReadonlyMap<string, Uint8Array> | undefined
}

/**
 * A layer read in place (image-spec, layer.md): its headers are kept, bodies are read when somebody asks. Whiteouts
 * count before the same layer's own entries; of two members at one path the later wins; directories that no member
 * makes are there with mode 0755.
 * @param source an uncompressed tar
 * @throws Fault TAR_INVALID, TAR_TRUNCATED, TAR_UNSUPPORTED, TAR_LIMIT
 */
export function tarLayer(source: ByteSource): TarLayer {
  const members = new Map<string, Member | 'whiteout'>([['/', directory(0o755)]])
  const names = new Map<string, string[]>()
  const opaque = new Set<string>()
  const put = (path: string, member: Member | 'whiteout'): void => {
    if (path === '/') {
      if (member !== 'whiteout') members.set('/', member)
      return
    }
    const cut = path.lastIndexOf('/')
    const parent = cut === 0 ? '/' : path.slice(0, cut)
    const above = members.get(parent)
    if (above === undefined || above === 'whiteout' || above.node.kind !== 'dir')
      put(parent, directory(0o755))
    if (!members.has(path)) {
      const siblings = names.get(parent)
      if (siblings) siblings.push(path.slice(cut + 1))
      else names.set(parent, [path.slice(cut + 1)])
    }
    members.set(path, member)
  }
  for (const { header, offset } of scanTar(source)) {
    const path = pathOf(header.name)
    if (!path.includes('/.wh.')) {
      put(path, memberOf(header, offset, members))
      continue
    }
    const name = path.slice(path.lastIndexOf('/') + 1)
    const parent = path.slice(0, path.lastIndexOf('/')) || '/'
    if (name === '.wh..wh..opq') opaque.add(parent)
    else if (name.startsWith('.wh..wh.')) continue
    else if (name.startsWith('.wh.')) {
      const hidden = `${parent === '/' ? '' : parent}/${name.slice(4)}`
      if (!members.has(hidden)) put(hidden, 'whiteout')
    } else put(path, memberOf(header, offset, members))
  }
  const file = (path: string): Member => {
    const found = members.get(path)
    if (found === undefined || found === 'whiteout' || found.node.kind !== 'file')
      throw new Fault('TREE_NOT_A_FILE', `${path} is not a file`)
    return found
  }
  return {
    bytes: sumOf(members.values()),
    files: () => filesOf(members),
    view: {
      node: (path) => {
        const found = members.get(path)
        return found === undefined || found === 'whiteout' ? found : found.node
      },
      names: (path) => names.get(path) ?? none,
      opaque: (path) => opaque.has(path),
      read: (path, part) => {
        const { node, offset } = file(path)
        const from = Math.min(part?.offset ?? 0, node.size)
        return source.readAt(offset + from, Math.min(part?.length ?? node.size, node.size - from))
      },
      xattrs: (path) => {
        const found = members.get(path)
        return found === 'whiteout' ? undefined : found?.xattrs
      },
    },
  }
}

const none: readonly string[] = []

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

function directory(mode: number): Member {
  return {
    node: { kind: 'dir', mode, uid: 0, gid: 0, size: 0, mtime: 0 },
    offset: 0,
    xattrs: undefined,
  }
}

function memberOf(
  header: TarHeader,
  offset: number,
  members: Map<string, Member | 'whiteout'>,
): Member {
  const { kind, mode, uid, gid, size, mtime, link, device, xattrs } = header
  if (kind !== 'hardlink')
    return {
      node:
        link === undefined && device === undefined
          ? { kind, mode, uid, gid, size, mtime }
          : {
              ...{ kind, mode, uid, gid, size, mtime },
              ...(link === undefined ? {} : { link }),
              ...(device === undefined ? {} : { device }),
            },
      offset,
      xattrs,
    }
  const target = pathOf(link ?? '')
  const found = members.get(target)
  if (found === undefined || found === 'whiteout')
    throw new Fault('TAR_INVALID', `the archive is invalid: ${header.name} links to nothing`, {
      kind: 'invalid',
    })
  const linked = {
    ...found,
    node: { ...found.node, hardlinkGroup: found.node.hardlinkGroup ?? target },
  }
  members.set(target, linked)
  return linked
}

function* filesOf(members: ReadonlyMap<string, Member | 'whiteout'>): Iterable<LayerFile> {
  for (const [path, member] of members) {
    if (member === 'whiteout' || member.node.kind !== 'file') continue
    const { size, hardlinkGroup } = member.node
    yield hardlinkGroup === undefined ? { path, size } : { path, size, hardlinkGroup }
  }
}

/** Files by their content: names of one file count once. */
function sumOf(members: Iterable<Member | 'whiteout'>): number {
  const groups = new Set<string>()
  let sum = 0
  for (const member of members) {
    if (member === 'whiteout' || member.node.kind !== 'file') continue
    const group = member.node.hardlinkGroup
    if (group !== undefined && groups.has(group)) continue
    if (group !== undefined) groups.add(group)
    sum += member.node.size
  }
  return sum
}
