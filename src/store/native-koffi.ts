import { getSystemErrorName } from 'node:util'
import { diskPath } from '../image/index.ts'
import type { DiskPath, Native } from './native.ts'

type Call = (...args: readonly unknown[]) => number | bigint

/** The part of koffi that is used; the package is optional, so its own types may be missing. */
type Koffi = {
  load(path: null): { func(prototype: string): Call }
  errno(): number
}

/** libc by foreign function calls, 2–3 µs each. @throws when koffi has no build for this machine */
export function koffiNative(koffi: Koffi): Native {
  const libc = koffi.load(null)
  const mknod = libc.func('int mknod(const uint8_t *path, uint32_t mode, uint64_t device)')
  const set = libc.func(
    'int lsetxattr(const uint8_t *path, const uint8_t *name, const uint8_t *value, size_t size, int flags)',
  )
  const get = libc.func(
    'int64_t lgetxattr(const uint8_t *path, const uint8_t *name, _Out_ uint8_t *value, size_t size)',
  )
  const list = libc.func(
    'int64_t llistxattr(const uint8_t *path, _Out_ uint8_t *list, size_t size)',
  )
  /** Most files have none, and a string costs half of what bytes cost. */
  const listLength = libc.func('int64_t llistxattr(const char *path, void *list, size_t size)')
  // XATTR_LIST_MAX and XATTR_SIZE_MAX of linux/limits.h.
  const names = Buffer.alloc(65_536)
  const value = Buffer.alloc(65_536)

  const check = (call: string, path: DiskPath, result: number | bigint): number => {
    if (result >= 0) return Number(result)
    const code = getSystemErrorName(-koffi.errno())
    throw Object.assign(new Error(`${code}: ${call} '${path}'`), { code, path: String(path) })
  }
  const all = (path: DiskPath): ReadonlyMap<string, Buffer> | undefined => {
    if (typeof path === 'string' && Number(listLength(path, null, 0)) === 0) return undefined
    const c = cString(path)
    const length = Number(list(c, names, names.length))
    if (length === 0) return undefined
    // A file system without attributes has none.
    if (length < 0 && getSystemErrorName(-koffi.errno()) === 'ENOTSUP') return undefined
    check('listxattr', path, length)
    const found = new Map<string, Buffer>()
    for (const name of names.toString('utf8', 0, length).split('\0').filter(Boolean)) {
      const size = check('getxattr', path, get(c, cString(name), value, value.length))
      found.set(name, Buffer.from(value.subarray(0, size)))
    }
    return found
  }
  return {
    mknod: (path, mode, device) => {
      check('mknod', path, mknod(cString(path), mode, makeDevice(device)))
    },
    setXattr: (path, name, bytes) => {
      check('setxattr', path, set(cString(path), cString(name), bytes, bytes.length, 0))
    },
    xattrs: (root, paths) => {
      const found = new Map<string, ReadonlyMap<string, Buffer>>()
      for (const path of paths) {
        const attributes = all(diskPath(path === '/' ? root : root + path))
        if (attributes) found.set(path, attributes)
      }
      return found
    },
  }
}

/** glibc's makedev. */
function makeDevice({ major, minor }: { readonly major: number; readonly minor: number }): bigint {
  const [a, b] = [BigInt(major), BigInt(minor)]
  return ((a & 0xfffn) << 8n) | (b & 0xffn) | ((b & ~0xffn) << 12n) | ((a & ~0xfffn) << 32n)
}

function cString(text: DiskPath): Buffer {
  return Buffer.concat([typeof text === 'string' ? Buffer.from(text) : text, Buffer.alloc(1)])
}
