import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { decodeText } from '../base/index.ts'
import type { BuildContext } from '../build/index.ts'
import type { ProjectFiles } from '../proof/index.ts'
import type { ContextFiles } from '../slim/index.ts'

const maxText = 1024 * 1024

/** The context as `slim` reads it: relative paths, ignored files absent, links followed inside. */
export function contextFiles(context: BuildContext): ContextFiles {
  const at = (path: string): string => `/${path.replace(/^\.?\//, '')}`
  return {
    has: (path) => context.tree.lookup(at(path)) !== undefined,
    readText: (path) => {
      const entry = context.tree.lookup(at(path))
      if (entry?.kind !== 'file' || entry.size > maxText) return undefined
      return decodeText(context.tree.read(at(path)))
    },
  }
}

/** Texts of the folder itself: an ignored compose file is no part of the build and still says how it is started. */
export function projectTexts(root: string): ProjectFiles {
  return (path) => {
    const file = join(root, path)
    const found = statSync(file, { throwIfNoEntry: false })
    return found?.isFile() && found.size <= maxText ? readFileSync(file, 'utf8') : undefined
  }
}

/** Relative paths of every file of the context. */
export function* contextPaths(context: BuildContext): Iterable<string> {
  for (const entry of context.tree.walk()) if (entry.kind !== 'dir') yield entry.path.slice(1)
}
