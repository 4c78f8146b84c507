import { byCodeUnit } from '../../../src/image/index.ts'
import type { LayerMember } from './read-archive.ts'
import type { FileState } from './types.ts'

type Inode = { readonly state: Omit<FileState, 'group'> }

/** Applies layer archives one after another, whiteouts included, as an image's root file system is defined. */
export function flattenLayers(
  layers: readonly (readonly LayerMember[])[],
): Record<string, FileState> {
  const root = new Map<string, Inode>()
  for (const members of layers) applyLayer(root, members)
  const groups = new Map<Inode, string[]>()
  for (const [path, inode] of root) groups.set(inode, [...(groups.get(inode) ?? []), path])
  const out: Record<string, FileState> = {}
  for (const [path, inode] of [...root].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const linked = groups.get(inode) ?? []
    const [first] = [...linked].sort(byCodeUnit)
    out[path] = { ...inode.state, ...(linked.length > 1 && first ? { group: first } : {}) }
  }
  return out
}

function applyLayer(root: Map<string, Inode>, members: readonly LayerMember[]): void {
  // Whiteouts hide what lower layers have, wherever they stand in the archive.
  for (const { header } of members) {
    const path = clean(header.name)
    const cut = path.lastIndexOf('/')
    const [above, name] = [path.slice(0, cut), path.slice(cut + 1)]
    if (name === '.wh..wh..opq') removeBelow(root, above)
    else if (name.startsWith('.wh.')) remove(root, `${above}/${name.slice(4)}`)
  }
  for (const member of members) {
    const path = clean(member.header.name)
    if (path.slice(path.lastIndexOf('/') + 1).startsWith('.wh.')) continue
    makeParents(root, path)
    const { header } = member
    if (header.kind === 'hardlink') {
      const target = root.get(clean(header.link ?? ''))
      if (!target) throw new Error(`${path} is a hard link to ${header.link}, which is missing`)
      if (root.get(path) !== target) remove(root, path)
      root.set(path, target)
    } else {
      if (header.kind !== 'dir' || root.get(path)?.state.type !== 'dir') remove(root, path)
      root.set(path, { state: stateOf(member) })
    }
  }
}

function stateOf({ header, digest, text }: LayerMember): Omit<FileState, 'group'> {
  const xattrs = [...(header.xattrs ?? [])].map(([name, value]) => [
    name,
    Buffer.from(value).toString('base64'),
  ])
  return {
    type: header.kind === 'hardlink' ? 'file' : header.kind,
    mode: header.mode.toString(8).padStart(4, '0'),
    uid: header.uid,
    gid: header.gid,
    mtime: header.mtime,
    size: header.size,
    ...(digest === undefined ? {} : { digest }),
    ...(text === undefined ? {} : { text }),
    ...(header.kind === 'symlink' ? { link: header.link ?? '' } : {}),
    ...(header.device ? { device: `${header.device.major}:${header.device.minor}` } : {}),
    ...(xattrs.length > 0 ? { xattrs: Object.fromEntries(xattrs) } : {}),
  }
}

function makeParents(root: Map<string, Inode>, path: string): void {
  const parts = path.split('/').slice(1, -1)
  for (let depth = 1; depth <= parts.length; depth++) {
    const above = `/${parts.slice(0, depth).join('/')}`
    if (!root.has(above))
      root.set(above, {
        state: { type: 'dir', mode: '0755', uid: 0, gid: 0, mtime: 0, size: 0 },
      })
  }
}

function remove(root: Map<string, Inode>, path: string): void {
  const type = root.get(path)?.state.type
  root.delete(path)
  if (type === 'dir') removeBelow(root, path)
}

function removeBelow(root: Map<string, Inode>, path: string): void {
  for (const other of [...root.keys()]) if (other.startsWith(`${path}/`)) root.delete(other)
}

function clean(name: string): string {
  return `/${name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`
}
