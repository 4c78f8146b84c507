import { join, resolve } from 'node:path'
import { positionAt } from '../base/index.ts'
import { findIgnoreFile, ignoredByLine, openContext } from '../context/index.ts'
import type { Session } from './session.ts'

/** Files (all but directories) and the bytes of the regular ones. */
type Amount = { readonly files: number; readonly bytes: number }

export type ContextAccount = {
  /** What a build may copy. */
  readonly included: Amount
  /** Entries of the context's root by size, largest first. */
  readonly largest: readonly ({ readonly name: string } & Amount)[]
  /** The ignore file, null when there is none. */
  readonly ignoreFile: string | null
  /** What each of its patterns had the last word on, in order; a `!` line excludes nothing. */
  readonly excluded: readonly ({ readonly line: number; readonly pattern: string } & Amount)[]
}

/**
 * What of a folder is build context, and which line of the ignore file keeps the rest out.
 * @throws Fault CONTEXT_NOT_FOUND, DOCKERIGNORE_INVALID
 */
export function describeContext(
  session: Session,
  options: { readonly path: string; readonly file?: string | undefined; readonly cwd: string },
): ContextAccount {
  const root = resolve(options.cwd, options.path)
  const dockerfile = resolve(options.cwd, options.file ?? join(root, 'Dockerfile'))
  const ignoreFile = findIgnoreFile({ contextDir: root, dockerfile })
  const indexDir = join(session.settings.root, 'contexts')
  const context = openContext({ dir: root, ignoreFile, indexDir })
  const sizes = new Map<string, Amount>()
  for (const { path, kind, size } of context.tree.walk()) {
    if (kind === 'dir') continue
    const name = path.split('/')[1] ?? ''
    const { files, bytes } = sizes.get(name) ?? { files: 0, bytes: 0 }
    sizes.set(name, { files: files + 1, bytes: bytes + (kind === 'file' ? size : 0) })
  }
  const largest = [...sizes]
    .map(([name, amount]) => ({ name, ...amount }))
    .sort((a, b) => b.bytes - a.bytes)
  const text = ignoreFile?.text ?? ''
  return {
    included: {
      files: largest.reduce((sum, { files }) => sum + files, 0),
      bytes: largest.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    largest,
    ignoreFile: ignoreFile?.name ?? null,
    excluded: ignoredByLine(context).map(({ pattern: { range }, files, bytes }) => ({
      line: positionAt(text, range.start).line,
      pattern: text.slice(range.start, range.end),
      ...{ files, bytes },
    })),
  }
}
