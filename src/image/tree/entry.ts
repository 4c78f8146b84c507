/**
 * One path of a file tree. `path` is absolute inside the root, without a trailing slash; the root itself is `/`.
 */
export type TreeEntry = {
  readonly path: string
  readonly kind: 'file' | 'dir' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket'
  /** Permission bits with setuid, setgid and sticky: 0–0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Bytes of a regular file, else 0. */
  readonly size: number
  /** Modification time in whole seconds since the epoch (what a layer tar keeps). */
  readonly mtime: number
  /** Target text of a symlink. */
  readonly link?: string
  /** Major and minor number of a device. */
  readonly device?: { readonly major: number; readonly minor: number }
  /** Equal for paths of one layer that are hard links to each other; absent when there is only one link. */
  readonly hardlinkGroup?: string
  /** Index of the layer the entry comes from, 0 = lowest. */
  readonly layer: number
}

/**
 * Read access to the root file system of an image or stage: layers merged as overlayfs merges them. Paths are looked
 * up literally: no component that is a symlink is followed (`resolvePath` follows them, inside the root).
 * Synchronous, because asynchronous fs costs five times as much here; big walks belong into a worker.
 */
export interface FileTree {
  readonly layerCount: number
  /** The entry at exactly this path, undefined when there is none. */
  lookup(path: string): TreeEntry | undefined
  /** Names in a directory, sorted by code unit; empty for anything else. */
  readdir(path: string): readonly string[]
  /** Bytes of a regular file, or of `length` bytes from `offset`. @throws Fault TREE_NOT_A_FILE */
  read(path: string, part?: { readonly offset: number; readonly length: number }): Uint8Array
  /** Every entry, parents before children, siblings sorted by name; the root comes first. */
  walk(): Iterable<TreeEntry>
  /** Extended attributes that a layer keeps (`security.capability`, `user.*`), undefined when none. */
  xattrs(path: string): ReadonlyMap<string, Uint8Array> | undefined
}
