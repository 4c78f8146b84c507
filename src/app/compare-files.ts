import { createHash } from 'node:crypto'
import type { WeighedFile } from '../gate/index.ts'
import type { FileTree } from '../image/index.ts'

/** Files of one origin of which there are more or fewer bytes. */
export type FileChange = {
  /** What a person calls the origin: `gcc-12 (dpkg)`, `/root/.cache/pip`. */
  readonly what: string
  /** The file, or the deepest directory in which four fifths of the bytes lie. */
  readonly path: string
  /** Those whose size differs. */
  readonly files: number
  readonly before: number
  readonly after: number
}

/** The same files under another directory. */
export type Move = {
  readonly from: string
  readonly to: string
  readonly files: number
  readonly bytes: number
}

type Weighed = { readonly path: string; readonly bytes: number }

/** Share of the bytes that says where something lies. */
const most = 0.8

export type FileSide = { readonly tree: FileTree; readonly files: readonly WeighedFile[] }

/** What became of the files: what moved is told apart, and everything else is summed by its origin, most bytes first. */
export function compareFiles(
  before: FileSide,
  after: FileSide,
): { readonly changes: readonly FileChange[]; readonly moves: readonly Move[] } {
  const [old, now] = [byPath(before.files), byPath(after.files)]
  const gone = before.files.filter(({ path }) => !now.has(path))
  const come = after.files.filter(({ path }) => !old.has(path))
  const moved = findMoved({ ...before, files: gone }, { ...after, files: come })
  const movedPaths = new Set(moved.flatMap(({ from, to }) => [from.path, to.path]))
  const changes = new Map<string, { files: Weighed[]; before: number; after: number }>()
  const add = (file: WeighedFile, was: number, is: number): void => {
    const sum = changes.get(file.what) ?? { files: [], before: 0, after: 0 }
    sum.files.push({ path: file.path, bytes: Math.abs(is - was) })
    sum.before += was
    sum.after += is
    changes.set(file.what, sum)
  }
  for (const file of gone) if (!movedPaths.has(file.path)) add(file, file.bytes, 0)
  for (const file of come) if (!movedPaths.has(file.path)) add(file, 0, file.bytes)
  for (const file of after.files) {
    const was = old.get(file.path)
    if (was && was.bytes !== file.bytes) add(file, was.bytes, file.bytes)
  }
  return {
    changes: [...changes]
      .map(([what, { files, before: was, after: is }]) => ({
        ...{ what, path: heaviestPath(files), files: files.length, before: was, after: is },
      }))
      .filter((change) => change.before !== change.after)
      .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before)),
    moves: groupMoves(moved),
  }
}

type Moved = { readonly from: WeighedFile; readonly to: WeighedFile }

function byPath(files: readonly WeighedFile[]): ReadonlyMap<string, WeighedFile> {
  return new Map(files.map((file) => [file.path, file]))
}

/** Same name, size and content. Only what could have moved is read. */
function findMoved(gone: FileSide, come: FileSide): readonly Moved[] {
  const waiting = new Map<string, WeighedFile[]>()
  for (const file of gone.files) {
    if (file.bytes === 0) continue
    const likes = waiting.get(likeness(file)) ?? []
    likes.push(file)
    waiting.set(likeness(file), likes)
  }
  const digests = new Map<WeighedFile, string>()
  const digestOf = (tree: FileTree, file: WeighedFile): string => {
    const digest = digests.get(file) ?? contentDigest(tree, file)
    digests.set(file, digest)
    return digest
  }
  return come.files.flatMap((to) => {
    const likes = waiting.get(likeness(to)) ?? []
    const at = likes.findIndex((from) => digestOf(gone.tree, from) === digestOf(come.tree, to))
    return at < 0 ? [] : likes.splice(at, 1).map((from) => ({ from, to }))
  })
}

function likeness({ path, bytes }: WeighedFile): string {
  return `${bytes} ${path.slice(path.lastIndexOf('/') + 1)}`
}

const chunk = 1 << 20

function contentDigest(tree: FileTree, { path, bytes }: WeighedFile): string {
  const hash = createHash('sha256')
  for (let offset = 0; offset < bytes; offset += chunk)
    hash.update(tree.read(path, { offset, length: Math.min(chunk, bytes - offset) }))
  return hash.digest('hex')
}

/** By the directories that differ: what both paths have at their ends is the same in every file of a move. */
function groupMoves(moved: readonly Moved[]): readonly Move[] {
  const groups = new Map<string, { from: string; to: string; files: number; bytes: number }>()
  for (const { from, to } of moved) {
    const [before, after] = [from.path.split('/'), to.path.split('/')]
    while (before.length > 1 && after.length > 1 && before.at(-1) === after.at(-1)) {
      before.pop()
      after.pop()
    }
    const place = { from: before.join('/') || '/', to: after.join('/') || '/' }
    const key = JSON.stringify(place)
    const group = groups.get(key) ?? { ...place, files: 0, bytes: 0 }
    group.files += 1
    group.bytes += to.bytes
    groups.set(key, group)
  }
  return [...groups.values()].sort((a, b) => b.bytes - a.bytes)
}

/** The deepest directory, or the file, in which most of the bytes lie. */
function heaviestPath(files: readonly Weighed[]): string {
  let [path, within] = ['', files]
  const whole = files.reduce((sum, { bytes }) => sum + bytes, 0)
  for (;;) {
    const children = new Map<string, Weighed[]>()
    for (const file of within) {
      const end = file.path.indexOf('/', path.length + 1)
      const child = end < 0 ? file.path : file.path.slice(0, end)
      children.set(child, [...(children.get(child) ?? []), file])
    }
    const heaviest = [...children].find(([child, inside]) => {
      const bytes = inside.reduce((sum, one) => sum + one.bytes, 0)
      return child !== path && bytes >= whole * most
    })
    if (!heaviest) return path || '/'
    ;[path, within] = heaviest
  }
}
