import { Fault } from '../../src/base/index.ts'
import type { FileTree, TreeEntry } from '../../src/image/index.ts'

/** A file's text or bytes, `{ link }`, `{ dir: true }`, or `null` for a whiteout; mode and owner where they matter. */
export type Spec =
  | string
  | Uint8Array
  | null
  | {
      readonly text?: string | Uint8Array
      readonly link?: string
      readonly dir?: true
      readonly mode?: number
      readonly uid?: number
      readonly gid?: number
    }

/** Layers, lowest first, as absolute paths to files. Parent directories are made where they are missing. */
export function memoryTree(layers: readonly Readonly<Record<string, Spec>>[]): FileTree {
  const entries = new Map<string, { readonly entry: TreeEntry; readonly bytes: Uint8Array }>()
  const put = (path: string, spec: Exclude<Spec, null>, layer: number): void => {
    const parent = path.slice(0, path.lastIndexOf('/')) || '/'
    if (path !== '/' && !entries.has(parent)) put(parent, { dir: true }, layer)
    entries.set(path, made(path, spec, layer))
  }
  put('/', { dir: true }, 0)
  for (const [layer, files] of layers.entries())
    for (const [path, spec] of Object.entries(files))
      if (spec === null) remove(entries, path)
      else put(path, spec, layer)
  const lookup = (path: string): TreeEntry | undefined => entries.get(path)?.entry
  return {
    layerCount: layers.length,
    lookup,
    readdir: (path) => {
      if (lookup(path)?.kind !== 'dir') return []
      const prefix = path === '/' ? '/' : `${path}/`
      return [...entries.keys()]
        .filter(
          (one) => one !== '/' && one.startsWith(prefix) && !one.slice(prefix.length).includes('/'),
        )
        .map((one) => one.slice(prefix.length))
        .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    },
    read: (path, part) => {
      const found = entries.get(path)
      if (found?.entry.kind !== 'file') throw new Fault('TREE_NOT_A_FILE', `${path} is not a file`)
      return part ? found.bytes.subarray(part.offset, part.offset + part.length) : found.bytes
    },
    walk: () => [...entries.values()].map(({ entry }) => entry).sort(byParts),
    xattrs: () => undefined,
  }
}

function made(
  path: string,
  spec: Exclude<Spec, null>,
  layer: number,
): { readonly entry: TreeEntry; readonly bytes: Uint8Array } {
  const plain = typeof spec === 'string' || spec instanceof Uint8Array
  const { text = '', link, dir, mode, uid = 0, gid = 0 } = plain ? { text: spec } : spec
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const kind = dir ? 'dir' : link === undefined ? 'file' : 'symlink'
  const usual = { dir: 0o755, file: 0o644, symlink: 0o777 }
  const size = kind === 'file' ? bytes.length : 0
  const entry = { path, kind, mode: mode ?? usual[kind], uid, gid, size, mtime: 0, layer } as const
  return { entry: link === undefined ? entry : { ...entry, link }, bytes }
}

function remove(entries: Map<string, unknown>, path: string): void {
  for (const one of [...entries.keys()])
    if (one === path || one.startsWith(`${path}/`)) entries.delete(one)
}

function byParts(a: TreeEntry, b: TreeEntry): number {
  const [x, y] = [a.path.split('/').join('\0'), b.path.split('/').join('\0')]
  return x < y ? -1 : x > y ? 1 : 0
}
