import type { BuildContext } from '../build/index.ts'
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
      return new TextDecoder().decode(context.tree.read(at(path)))
    },
  }
}

/** Relative paths of every file of the context. */
export function* contextPaths(context: BuildContext): Iterable<string> {
  for (const entry of context.tree.walk()) if (entry.kind !== 'dir') yield entry.path.slice(1)
}
