import { createRequire } from 'node:module'
import { commandNative } from './native-commands.ts'
import { koffiNative } from './native-koffi.ts'

export type DiskPath = string | Buffer

/**
 * System calls that Node has no door to. Errors carry the errno name in `code`, as those of node:fs do. Paths are not
 * followed when they are symlinks.
 */
export interface Native {
  /** `mode` with its type bits (S_IFCHR …). */
  mknod(
    path: DiskPath,
    mode: number,
    device: { readonly major: number; readonly minor: number },
  ): void
  setXattr(path: DiskPath, name: string, value: Uint8Array): void
  /**
   * Attributes of many paths in one tree, those without any left out. `paths` are relative to `root` and start with
   * `/`; `/` is the root itself.
   */
  xattrs(root: string, paths: readonly string[]): ReadonlyMap<string, ReadonlyMap<string, Buffer>>
}

let loaded: Native | undefined

/** koffi when it is installed, else util-linux and attr. Loaded at the first call: a no-op build never needs it. */
export function native(): Native {
  loaded ??= load()
  return loaded
}

function load(): Native {
  try {
    return koffiNative(createRequire(import.meta.url)('koffi'))
  } catch {
    return commandNative()
  }
}
