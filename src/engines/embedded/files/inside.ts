import { closeSync, constants, lstatSync, openSync, readlinkSync, type Stats } from 'node:fs'
import { Fault } from '../../../base/index.ts'
import { diskPath } from '../../../image/index.ts'

/** Linux gives up after 40 links (path_resolution(7)). */
const maxLinks = 40

/** A path that was walked to, one directory at a time, and is held open: whoever moves things about cannot lead us astray. */
export type Located = {
  /** What node:fs is to be given. Its last component is not resolved yet. */
  readonly at: string
  /** Of the last component itself, undefined when it does not exist. */
  readonly stats: Stats | undefined
  /** Absolute inside the root, symlinks resolved. */
  readonly path: string
  close(): void
}

/** The root of a container or of this machine. */
export function openRoot(path: string): { readonly fd: number; close(): void } {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)
  return { fd, close: () => closeSync(fd) }
}

/**
 * Walks to a path as a process with this root would: links and `..` never lead out of it, also while a process inside
 * changes what is there (each directory is opened below the one before, never by its whole path).
 * @throws Fault COPY_FAILED when a directory on the way is none
 */
export function locate(
  root: number,
  path: string,
  { followLast }: { readonly followLast: boolean },
): Located {
  const pending = split(path)
  const held: number[] = []
  const names: string[] = []
  const here = (): string => `/proc/self/fd/${held.at(-1) ?? root}`
  const leave = (): void => {
    for (const fd of held.splice(0)) closeSync(fd)
  }
  try {
    let links = 0
    for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
      if (name === '..') {
        const fd = held.pop()
        if (fd !== undefined) closeSync(fd)
        names.pop()
        continue
      }
      const at = `${here()}/${name}`
      const stats = lstatSync(diskPath(at), { throwIfNoEntry: false })
      const last = pending.length === 0
      if (stats?.isSymbolicLink() && (!last || followLast)) {
        links += 1
        if (links > maxLinks) throw copyFailed(`too many symbolic links in ${path}`)
        const target = readlinkSync(diskPath(at))
        if (target.startsWith('/')) {
          leave()
          names.length = 0
        }
        pending.unshift(...split(target))
        continue
      }
      if (last) return { at, stats, path: `/${[...names, name].join('/')}`, close: leave }
      if (!stats?.isDirectory()) throw copyFailed(`${path}: no such directory`)
      held.push(openSync(diskPath(at), openFolder))
      names.push(name)
    }
    const at = `${here()}/.`
    return { at, stats: lstatSync(at), path: `/${names.join('/')}`, close: leave }
  } catch (error) {
    leave()
    throw error
  }
}

const openFolder = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW

export function copyFailed(message: string, cause?: unknown): Fault {
  return new Fault('COPY_FAILED', message, { kind: 'invalid', cause })
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}
