import {
  closeSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { unreadable } from './user-file.ts'

/** Where a result goes. `whole` is false for what must never be replaced by a file: a device, a pipe, `/dev/stdout`. */
export type Target = { readonly path: string; readonly whole: boolean }

/** A link to a file stays one: what it leads to is the target. */
export function targetOf(path: string): Target {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (!stats) return { path, whole: true }
  return stats.isFile() ? { path: realpathSync(path), whole: true } : { path, whole: false }
}

/** What a target is called until it is whole. */
export function partialOf({ path }: Target): string {
  return `${path}.${process.pid}.partial`
}

/**
 * Writes a text under a name that the user gave, its folder made when missing. It appears there whole or not at all, and
 * what it replaces keeps its mode, unless one is given: then the file has that mode, whatever it replaces.
 * @throws Fault OUTPUT_UNWRITABLE
 */
export function writeFile(
  path: string,
  text: string,
  options: { readonly mode?: number } = {},
): void {
  try {
    makeFolders(dirname(path))
    const target = targetOf(path)
    if (target.whole) replace(target, text, options.mode)
    else writeFileSync(target.path, text)
  } catch (error) {
    throw unreadable(error, { code: 'OUTPUT_UNWRITABLE', what: `write ${path}` })
  }
}

/**
 * A folder and those above it. Not `mkdirSync` with `recursive`, which never ends below a folder that is there and cannot
 * hold one (`/proc`), where the kernel says ENOENT.
 */
export function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  if (dirname(path) !== path) makeFolders(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Somebody else made it meanwhile.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

function replace(target: Target, text: string, mode: number | undefined): void {
  const partial = partialOf(target)
  const replaced = statSync(target.path, { throwIfNoEntry: false })
  // One that a killed process of this number left.
  rmSync(partial, { force: true })
  const file = openSync(partial, 'wx', mode ?? 0o644)
  try {
    if (replaced && mode === undefined) fchmodSync(file, replaced.mode & 0o777)
    writeFileSync(file, text)
    fsyncSync(file)
    renameSync(partial, target.path)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}
