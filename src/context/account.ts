import { type Dirent, lstatSync, readdirSync } from 'node:fs'
import { decodeLatin1Name, diskPath, type PatternState } from '../image/index.ts'
import type { OpenContext } from './context.ts'
import { type IgnorePattern, ignoreMatcher } from './ignore.ts'

/** What one line of the ignore file keeps out of the build. */
export type IgnoredByLine = {
  readonly pattern: IgnorePattern
  /** Entries that are no directories. */
  readonly files: number
  /** Bytes of the regular files. */
  readonly bytes: number
}

/**
 * Counts what each line excludes, for reports: an excluded path belongs to the line that had the last word on it.
 * Unlike a build it walks the excluded directories too, so it costs what the whole directory costs.
 */
export function ignoredByLine(context: OpenContext): readonly IgnoredByLine[] {
  const matcher = ignoreMatcher(context.ignore)
  const counts = context.ignore.map((pattern) => ({ pattern, files: 0, bytes: 0 }))
  const visit = (path: string, parent: PatternState | undefined): void => {
    for (const dirent of listing(`${context.root}/${path}`)) {
      const name = decodeLatin1Name(dirent.name)
      const child = path === '' ? name : `${path}/${name}`
      const state = matcher.match(child, parent)
      if (dirent.isDirectory()) visit(child, state)
      const count = state.excluded && !dirent.isDirectory() ? counts[state.decidedBy] : undefined
      if (!count) continue
      count.files += 1
      if (dirent.isFile()) count.bytes += sizeOf(`${context.root}/${child}`)
    }
  }
  if (counts.length > 0) visit('', undefined)
  return counts
}

function listing(host: string): readonly Dirent[] {
  try {
    return readdirSync(diskPath(host), { withFileTypes: true, encoding: 'latin1' })
  } catch {
    // What cannot be read is not part of any build, and this is only a count.
    return []
  }
}

function sizeOf(host: string): number {
  return lstatSync(diskPath(host), { throwIfNoEntry: false })?.size ?? 0
}
