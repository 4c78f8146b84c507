import { lstatSync, realpathSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { Fault, positionAt, type Source } from '../base/index.ts'
import type { BuildContext } from '../build/index.ts'
import type { Digest, PatternState } from '../image/index.ts'
import { hashFile } from './content.ts'
import { notAFile, openDirectory } from './directory.ts'
import { type IgnorePattern, ignoreMatcher, parseIgnore } from './ignore.ts'
import { openStatIndex } from './stat-index.ts'

/** A build context on disk. Nothing is read, hashed or walked before it is asked for. */
export type OpenContext = BuildContext & {
  /** Real path of the directory. */
  readonly root: string
  readonly ignore: readonly IgnorePattern[]
  /** Keeps the digests learned for the next build; without it they are computed again. Call it when the build ends. */
  saveIndex(): void
}

/**
 * Opens a directory as a build context: ignored paths are absent, owners are 0:0, links are never followed
 * (DESIGN §4: never copied, never sent). `ignoreFile` is what `findIgnoreFile` found; `indexDir` keeps the stat index.
 * @throws Fault CONTEXT_NOT_FOUND, DOCKERIGNORE_INVALID
 */
export function openContext(options: {
  readonly dir: string
  readonly ignoreFile?: Source | null | undefined
  readonly indexDir: string
}): OpenContext {
  const root = realDirectory(options.dir)
  const ignore = options.ignoreFile ? parseIgnore(options.ignoreFile) : []
  const tree = openDirectory(root, ignoreMatcher(ignore))
  const index = openStatIndex(options.indexDir, root)
  /** What was hashed by this build: the index keeps only what it may trust. */
  const digests = new Map<string, Digest>()

  const digestOf = (path: string): Digest => {
    const stat = tree.stat(path)
    if (!stat || (stat.mode & 0o170000) !== 0o100000) throw notAFile(path)
    const known = index.find(path, stat)
    if (known) return known
    const hashedAt = Date.now()
    const hashed = hashFile(tree.host(path), path)
    index.put(path, hashed.stat, hashed.digest, hashedAt)
    digests.set(path, hashed.digest)
    return hashed.digest
  }

  return {
    name: options.dir,
    root,
    ignore,
    tree,
    contentDigest: (path) => digests.get(path) ?? digestOf(path),
    hostPath: (path) => {
      const kind = tree.lookup(path)?.kind
      if (kind !== 'file' && kind !== 'dir') return null
      const host = tree.host(path)
      return typeof host !== 'string' || tree.hidesBelow(path) ? null : host
    },
    hiddenBy: (path) => hiddenBy(path, ignore, options.ignoreFile, tree.host(path)),
    saveIndex: () => index.save((path) => lstatSync(tree.host(path), { throwIfNoEntry: false })),
  }
}

/** The line that had the last word on a path that exists. */
function hiddenBy(
  path: string,
  ignore: readonly IgnorePattern[],
  file: Source | null | undefined,
  host: string | Buffer,
): string | null {
  if (!file || !lstatSync(host, { throwIfNoEntry: false })) return null
  const matcher = ignoreMatcher(ignore)
  const parts = path.split('/').filter(Boolean)
  let state: PatternState | undefined
  for (let depth = 1; depth <= parts.length; depth++)
    state = matcher.match(parts.slice(0, depth).join('/'), state)
  const pattern = state?.excluded ? ignore[state.decidedBy] : undefined
  if (!pattern) return null
  const { start, end } = pattern.range
  const { line } = positionAt(file.text, start)
  return `${basename(file.name)}:${line} (${file.text.slice(start, end)})`
}

function realDirectory(dir: string): string {
  try {
    const root = realpathSync(dir)
    if (statSync(root).isDirectory()) return root
  } catch (error) {
    throw notFound(dir, (error as NodeJS.ErrnoException).code ?? 'unknown', error)
  }
  throw notFound(dir, 'it is not a directory')
}

function notFound(dir: string, why: string, cause?: unknown): Fault {
  return new Fault('CONTEXT_NOT_FOUND', `cannot open the build context ${dir}: ${why}`, {
    kind: 'invalid',
    hint: 'give the directory that holds the files to copy; name the Dockerfile with -f',
    cause,
  })
}
