/** Kinds of members that a layer or a build context may hold (ustar types 0, 1, 2, 3, 4, 5, 6). */
export type TarKind = 'file' | 'hardlink' | 'symlink' | 'char' | 'block' | 'dir' | 'fifo'

/** One member's metadata, pax and GNU extensions already applied. */
export type TarHeader = {
  /** As in the archive, decoded by `decodePath`; a directory may or may not end in `/`. */
  readonly name: string
  readonly kind: TarKind
  /** Permission bits with setuid, setgid and sticky: 0–0o7777. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  /** Bytes of the body; 0 for everything but files. */
  readonly size: number
  /** Whole seconds since the epoch. */
  readonly mtime: number
  /** Target of a symlink or hard link. */
  readonly link?: string
  readonly device?: { readonly major: number; readonly minor: number }
  /** Extended attributes (pax `SCHILY.xattr.*`). */
  readonly xattrs?: ReadonlyMap<string, Uint8Array>
}

export const blockSize: number = 512

/** Bytes of zeros that follow a body of `size` bytes. */
export function tarPadding(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize
}

/** The two zero blocks at the end of an archive. */
export const tarEnd: Uint8Array = new Uint8Array(2 * blockSize)
