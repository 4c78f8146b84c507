import { Fault } from '../base/index.ts'
import {
  encodeTarHeader,
  type FileTree,
  type TarHeader,
  type TreeEntry,
  tarEnd,
  tarPadding,
} from '../image/index.ts'

const chunkSize = 1 << 20

/**
 * A directory of a tree with everything below it, or one file, as a tar (POSIX pax). Members are named `as` and below;
 * `as: ''` leaves the directory itself out. Sockets cannot be in a tar and are left out; equal trees give equal bytes.
 * @throws Fault TREE_NOT_FOUND
 */
export function* tarOfTree(
  tree: FileTree,
  { path = '/', as = '' }: { readonly path?: string; readonly as?: string } = {},
): Generator<Uint8Array, void> {
  const start = tree.lookup(path)
  if (!start) throw new Fault('TREE_NOT_FOUND', `there is no ${path}`)
  const firsts = new Map<string, string>()
  for (const entry of below(tree, start)) {
    const name = nameOf(entry.path, path, as)
    if (name === '' || entry.kind === 'socket') continue
    const { hardlinkGroup, layer } = entry
    const group = hardlinkGroup === undefined ? undefined : `${layer} ${hardlinkGroup}`
    const first = group === undefined ? undefined : firsts.get(group)
    if (first !== undefined) {
      yield encodeTarHeader({
        ...headerOf(tree, entry, name),
        kind: 'hardlink',
        link: first,
        size: 0,
      })
      continue
    }
    if (group !== undefined) firsts.set(group, name)
    yield encodeTarHeader(headerOf(tree, entry, name))
    if (entry.kind === 'file') yield* bodyOf(tree, entry)
  }
  yield tarEnd
}

/** An entry and what is below it, parents first. */
function* below(tree: FileTree, entry: TreeEntry): Generator<TreeEntry, void> {
  yield entry
  if (entry.kind !== 'dir') return
  for (const name of tree.readdir(entry.path)) {
    const child = tree.lookup(`${entry.path === '/' ? '' : entry.path}/${name}`)
    if (child) yield* below(tree, child)
  }
}

/** The bytes of a file in pieces. */
export function* piecesOf(tree: FileTree, { path, size }: TreeEntry): Generator<Uint8Array, void> {
  for (let offset = 0; offset < size; offset += chunkSize)
    yield tree.read(path, { offset, length: Math.min(chunkSize, size - offset) })
}

function* bodyOf(tree: FileTree, entry: TreeEntry): Generator<Uint8Array, void> {
  yield* piecesOf(tree, entry)
  yield new Uint8Array(tarPadding(entry.size))
}

function nameOf(path: string, start: string, as: string): string {
  const rest = path === start ? '' : path.slice(start === '/' ? 1 : start.length + 1)
  return as === '' || rest === '' ? `${as}${rest}` : `${as}/${rest}`
}

function headerOf(tree: FileTree, entry: TreeEntry, name: string): TarHeader {
  const { kind, mode, uid, gid, mtime, link, device } = entry
  if (kind === 'socket') throw new Fault('TREE_NOT_A_FILE', `${entry.path} is a socket`)
  const xattrs = tree.xattrs(entry.path)
  return {
    ...{ name, kind, mode, uid, gid, mtime, size: kind === 'file' ? entry.size : 0 },
    ...(link === undefined ? {} : { link }),
    ...(device ? { device } : {}),
    ...(xattrs ? { xattrs } : {}),
  }
}
