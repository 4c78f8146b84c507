import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { Fault } from '../base/index.ts'
import { type Digest, parseDigest } from '../image/index.ts'

/** A file that is open for reading, closed by `using`. */
export type OpenFile = Disposable & { readonly fd: number; readonly stat: Stats }

/**
 * Opens a regular file without following a link in its last component and without waiting for a FIFO's writer.
 * @throws Fault CONTEXT_CHANGED when it is gone or no regular file any more, CONTEXT_UNREADABLE
 */
export function openRegular(host: string | Buffer, path: string): OpenFile {
  let fd: number
  try {
    fd = openSync(host, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR' || code === 'ENXIO')
      throw changed(path)
    throw unreadable(path, String(code), error)
  }
  const stat = fstatSync(fd)
  if (!stat.isFile()) {
    closeSync(fd)
    throw changed(path)
  }
  return { fd, stat, [Symbol.dispose]: () => closeSync(fd) }
}

const buffer = Buffer.allocUnsafeSlow(1024 * 1024)

/**
 * SHA-256 of a file and the stat it had: read again when it changed meanwhile.
 * @throws Fault CONTEXT_CHANGED when it never holds still
 */
export function hashFile(
  host: string | Buffer,
  path: string,
): { readonly digest: Digest; readonly stat: Stats } {
  for (let attempt = 0; attempt < 3; attempt++) {
    using file = openRegular(host, path)
    const hash = createHash('sha256')
    for (let at = 0, count = 1; count > 0; at += count) {
      count = readSync(file.fd, buffer, 0, buffer.length, at)
      hash.update(buffer.subarray(0, count))
    }
    const after = fstatSync(file.fd)
    const same =
      after.size === file.stat.size &&
      after.mtimeMs === file.stat.mtimeMs &&
      after.ctimeMs === file.stat.ctimeMs
    if (same) return { digest: parseDigest(`sha256:${hash.digest('hex')}`), stat: after }
  }
  throw changed(path)
}

/** `path` is a tree path. */
export function unreadable(path: string, why: string, cause?: unknown): Fault {
  const name = path.slice(1) || '.'
  return new Fault('CONTEXT_UNREADABLE', `cannot read ${name} in the build context: ${why}`, {
    kind: 'invalid',
    hint: 'make it readable, or name it in .dockerignore',
    cause,
  })
}

function changed(path: string): Fault {
  return new Fault('CONTEXT_CHANGED', `${path.slice(1)} changed while the build was reading it`, {
    hint: 'build again when nothing writes to the context, or name the file in .dockerignore',
  })
}
