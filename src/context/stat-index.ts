import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Digest, diskPath } from '../image/index.ts'
import type { FileStat } from './directory.ts'

/** The part of a stat that a row holds. */
type IndexedStat = Pick<FileStat, 'ino' | 'size' | 'mtimeMs' | 'ctimeMs' | 'mode'>

/** Remembers, across builds, the digest of a file as long as its stat has not changed. */
export type StatIndex = {
  /** The digest of a file that has exactly this stat, if it was hashed before. */
  find(path: string, stat: IndexedStat): Digest | undefined
  /** `hashedAt`: milliseconds since the epoch when reading of the file began. */
  put(path: string, stat: IndexedStat, digest: Digest, hashedAt: number): void
  /**
   * Writes what was learned, by rename, when there is anything new. `current` gives the stat of a path that nobody asked
   * for, to tell whether its row still holds.
   */
  save(current: (path: string) => IndexedStat | undefined): void
}

/** ino, size, mtime, ctime, mode. Times in milliseconds as doubles, which resolve 0.25 µs: below any file system's tick. */
type Row = readonly [number, number, number, number, number]

/**
 * Racily clean (git's racy-git.txt): a file that is written again within one tick of its file system's clock keeps its
 * stat. A row counts only when the file was already older than this when hashing began. 20 ms covers the kernel's
 * tick at HZ=100 twice; a time without fraction may come from a file system that counts in (two) seconds.
 */
const tickMs = 20
const coarseTickMs = 2100

const magic = 'jettison-stat-index-1\n'
const columns = 5

/**
 * Opens the index of one context root, which is read when first needed. A missing, torn or foreign file counts as
 * empty: it costs time, never correctness.
 */
export function openStatIndex(indexDir: string, root: string): StatIndex {
  const file = join(indexDir, `${hash('sha256', root, 'hex').slice(0, 32)}.idx`)
  let loaded: Loaded | undefined
  /** Rows that were found to hold. */
  let found: Uint8Array | undefined
  const added = new Map<string, { readonly row: Row; readonly digest: Digest }>()
  const load = (): Loaded => {
    loaded ??= decode(readOptional(file))
    return loaded
  }
  return {
    find: (path, stat) => {
      const { place, numbers, digest } = load()
      const at = place(path)
      if (at === undefined || !sameRow(numbers, at, stat)) return undefined
      found ??= new Uint8Array(numbers.length / columns)
      found[at] = 1
      return digest(at)
    },
    put: (path, stat, digest, hashedAt) => {
      // Names that are not UTF-8 are rare enough to be hashed each time.
      if (typeof diskPath(path) !== 'string') return
      const coarse = Number.isInteger(stat.mtimeMs / 1000) || Number.isInteger(stat.ctimeMs / 1000)
      if (Math.max(stat.ctimeMs, stat.mtimeMs) < hashedAt - (coarse ? coarseTickMs : tickMs))
        added.set(path, { row: rowOf(stat), digest })
    },
    save: (current) => {
      if (added.size === 0) return
      const rows = new Map<string, { readonly row: Row; readonly digest: Digest }>()
      const { paths, numbers, digest } = load()
      // In the old order, which is that of the next build's questions.
      for (const [at, path] of paths.entries()) {
        const fresh = added.get(path)
        if (fresh) rows.set(path, fresh)
        else if (found?.[at] || sameRow(numbers, at, current(path)))
          rows.set(path, { row: rowAt(numbers, at), digest: digest(at) })
      }
      for (const [path, fresh] of added) rows.set(path, fresh)
      write(indexDir, file, encode(rows))
      added.clear()
      loaded = undefined
      found = undefined
    },
  }
}

type Loaded = {
  readonly paths: readonly string[]
  /** The row of a path; quick when asked in the order of `paths`. */
  place(path: string): number | undefined
  readonly numbers: Float64Array
  digest(at: number): Digest
}

function rowOf(stat: IndexedStat): Row {
  return [stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs, stat.mode]
}

function rowAt(numbers: Float64Array, at: number): Row {
  const column = (index: number): number => numbers[at * columns + index] ?? 0
  return [column(0), column(1), column(2), column(3), column(4)]
}

function sameRow(numbers: Float64Array, at: number, stat: IndexedStat | undefined): boolean {
  if (!stat) return false
  const first = at * columns
  return (
    numbers[first] === stat.ino &&
    numbers[first + 1] === stat.size &&
    numbers[first + 2] === stat.mtimeMs &&
    numbers[first + 3] === stat.ctimeMs &&
    numbers[first + 4] === stat.mode
  )
}

function placesOf(paths: readonly string[]): Loaded['place'] {
  let next = 0
  let known: ReadonlyMap<string, number> | undefined
  return (path) => {
    if (paths[next] === path) return next++
    // Something is new or gone since; a table for all of them costs more than the rest of an unchanged build.
    known ??= new Map(paths.map((each, at) => [each, at]))
    const at = known.get(path)
    if (at !== undefined) next = at + 1
    return at
  }
}

/** magic, count, numbers, digests, paths joined by NUL; then SHA-256 of all that. */
function encode(rows: ReadonlyMap<string, { readonly row: Row; readonly digest: Digest }>): Buffer {
  const head = Buffer.from(
    magic + String(rows.size).padStart(10) + ' '.repeat((8 - ((magic.length + 10) % 8)) % 8),
  )
  const numbers = new Float64Array(rows.size * columns)
  const digests = Buffer.alloc(rows.size * 32)
  let at = 0
  for (const { row, digest } of rows.values()) {
    numbers.set(row, at * columns)
    digests.write(digest.slice('sha256:'.length), at * 32, 'hex')
    at += 1
  }
  const body = Buffer.concat([
    head,
    Buffer.from(numbers.buffer),
    digests,
    Buffer.from([...rows.keys()].join('\0')),
  ])
  return Buffer.concat([body, hash('sha256', body, 'buffer')])
}

function decode(bytes: Buffer | undefined): Loaded {
  const empty: Loaded = {
    paths: [],
    place: () => undefined,
    numbers: new Float64Array(),
    digest: (): Digest => '' as Digest,
  }
  if (!bytes || bytes.length < 64 || bytes.toString('latin1', 0, magic.length) !== magic)
    return empty
  const body = bytes.subarray(0, -32)
  if (!hash('sha256', body, 'buffer').equals(bytes.subarray(-32))) return empty
  const count = Number(body.toString('latin1', magic.length, magic.length + 10))
  const head = Math.ceil((magic.length + 10) / 8) * 8
  const digestsAt = head + count * columns * 8
  const pathsAt = digestsAt + count * 32
  const numbers = new Float64Array(
    body.buffer.slice(body.byteOffset + head, body.byteOffset + digestsAt),
  )
  const paths = count === 0 ? [] : body.toString('utf8', pathsAt).split('\0')
  return {
    paths,
    place: placesOf(paths),
    numbers,
    digest: (at) =>
      `sha256:${body.toString('hex', digestsAt + at * 32, digestsAt + at * 32 + 32)}` as Digest,
  }
}

function readOptional(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/**
 * No fsync: a torn file fails its own digest. Not being able to write (a full disk, a read-only home) is no reason to
 * fail a build that is done.
 */
function write(indexDir: string, file: string, bytes: Buffer): void {
  const temporary = `${file}.${process.pid}.tmp`
  try {
    mkdirSync(indexDir, { recursive: true })
    writeFileSync(temporary, bytes, { mode: 0o600 })
    renameSync(temporary, file)
  } catch {
    rmSync(temporary, { force: true })
  }
}
