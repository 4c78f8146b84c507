import {
  lstatSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  type Stats,
  unlinkSync,
  utimesSync,
} from 'node:fs'
import { Fault } from '../base/index.ts'
import { decodePath, diskPath } from '../image/index.ts'
import { errnoOf } from './disk-fault.ts'
import { native } from './native.ts'

/** Linux gives up after 40 links (path_resolution(7)). */
const maxLinks = 40

/** Far above any real tree, far below what the absolute paths of a store can reach. */
const maxDepth = 500

/**
 * Where members of an archive may go: real directories inside one root, never followed out of it. Only one unpacker
 * writes below the root, so what was checked stays true.
 */
export type UnpackRoot = {
  readonly root: string
  /** Real directory for the components, relative to the root (`''` is the root); missing ones are made. */
  directory(components: readonly string[]): string
  /** The same without making anything; undefined when it does not exist. */
  existing(components: readonly string[]): string | undefined
  stat(path: string): Stats | undefined
  /** Makes room for a member that is no directory. */
  clear(path: string): void
  /** Makes a directory or keeps the one that is there; over a whiteout it becomes opaque. @returns whether it is new */
  makeDirectory(path: string): boolean
  onDisk(path: string): string | Buffer
  /** The directory gets this time at `finish`: writing into it would change it again. */
  timeLater(path: string, mtime: number): void
  finish(): void
}

export function unpackRoot(root: string): UnpackRoot {
  const known = new Map<string, string>([['', '']])
  const times = new Map<string, number>()
  const onDisk = (path: string): string | Buffer => diskPath(root + path)
  const stat = (path: string): Stats | undefined => lstat(onDisk(path))

  const makeDirectory = (path: string): boolean => {
    const stats = stat(path)
    if (stats?.isDirectory()) return false
    if (stats) clear(path)
    mkdirSync(onDisk(path), { mode: 0o755 })
    if (stats && isWhiteout(stats)) markOpaque(onDisk(path))
    return true
  }
  const clear = (path: string): void => {
    const stats = stat(path)
    if (!stats) return
    if (!stats.isDirectory()) {
      unlinkSync(onDisk(path))
      return
    }
    rmSync(onDisk(path), { recursive: true })
    // A symlink may take its place: no path that leads through it may be used again.
    known.clear()
    known.set('', '')
    for (const each of [...times.keys()])
      if (each === path || each.startsWith(`${path}/`)) times.delete(each)
  }
  const walk = (components: readonly string[], make: boolean): string | undefined => {
    const pending = [...components]
    let done: string[] = []
    let links = 0
    for (let name = pending.shift(); name !== undefined; name = pending.shift()) {
      if (name === '..') {
        done.pop()
        continue
      }
      const here = `/${[...done, name].join('/')}`
      const stats = stat(here)
      if (stats?.isSymbolicLink()) {
        links += 1
        if (links > maxLinks)
          throw refused('LAYER_LINK_LOOP', components, 'a loop of symbolic links')
        const target = decodePath(readlinkSync(onDisk(here), 'buffer'))
        if (target.startsWith('/')) done = []
        pending.unshift(...target.split('/').filter((part) => part !== '' && part !== '.'))
        continue
      }
      if (!stats?.isDirectory()) {
        if (!make) return undefined
        if (stats && !isWhiteout(stats))
          throw refused('LAYER_PARENT_INVALID', components, 'a parent that is no directory')
        makeDirectory(here)
      }
      done.push(name)
    }
    return done.length === 0 ? '' : `/${done.join('/')}`
  }
  return {
    root,
    directory: (components) => {
      const key = components.join('/')
      const real = known.get(key) ?? walk(components, true) ?? ''
      known.set(key, real)
      return real
    },
    existing: (components) => known.get(components.join('/')) ?? walk(components, false),
    stat,
    clear,
    makeDirectory,
    onDisk,
    timeLater: (path, mtime) => {
      times.set(path, mtime)
    },
    finish: () => {
      for (const [path, mtime] of times) utimesSync(onDisk(path === '' ? '/' : path), mtime, mtime)
    },
  }
}

/**
 * Components of a member's name. A leading `/` is dropped, as Docker does.
 * @throws Fault LAYER_PATH_INVALID for `..` and NUL, which no honest archive has
 */
export function memberPath(name: string): string[] {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw refused('LAYER_PATH_INVALID', parts, 'a path that leads upward')
  if (parts.length > maxDepth) throw refused('LAYER_PATH_INVALID', parts, 'too many components')
  if (name.includes('\0')) throw refused('LAYER_PATH_INVALID', parts, 'a path with a NUL byte')
  return parts
}

export function isWhiteout(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === 0
}

export function markOpaque(disk: string | Buffer): void {
  native().setXattr(disk, 'trusted.overlay.opaque', Buffer.from('y'))
}

export function refused(code: string, parts: readonly string[], why: string): Fault {
  const path = JSON.stringify(parts.join('/').slice(0, 300))
  return new Fault(code, `the layer archive is refused: ${path} has ${why}`, { kind: 'invalid' })
}

function lstat(path: string | Buffer): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return undefined
    throw error
  }
}
