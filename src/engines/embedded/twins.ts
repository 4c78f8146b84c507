import type { CopyEntry, CopySource, CopyStep, LayerId } from '../../build/index.ts'
import type { Store } from '../../store/index.ts'

/** Where the last run of a COPY left files that this one would write again, byte for byte and with the same metadata. */
export type Twins = {
  /** A file in a published layer, to be linked; undefined when there is none. Notes what is written either way. */
  find(source: CopySource, entry: CopyEntry): string | undefined
  /** Tells the next run of this COPY where everything is. */
  keep(layer: LayerId): void
}

/** Below this many files writing them again costs less than remembering them. */
const worthwhile = 200

/** `name` tells this COPY from others; builds of the same project give it the same one. */
export function openTwins(store: Store, name: string, step: CopyStep): Twins {
  const count = step.parts.reduce((sum, { entries }) => sum + entries.length, 0)
  if (count < worthwhile) return { find: () => undefined, keep: () => {} }
  const last = store.findCopied(name)
  const folder = last && store.layerPath(last.layer)
  const files = new Map<string, string>()
  return {
    find: (source, entry) => {
      const identity = identityOf(source, entry)
      if (identity === undefined) return undefined
      files.set(entry.to, identity)
      return last?.files.get(entry.to) === identity ? `${folder}${entry.to}` : undefined
    },
    keep: (layer) => store.putCopied(name, { layer, files }),
  }
}

/** Files of layers are linked from where they are; one with attributes has more to it than this text says. */
function identityOf(source: CopySource, entry: CopyEntry): string | undefined {
  const { from, hardlink, mode, uid, gid, mtime } = entry
  if (source.layers || from === null || hardlink !== undefined) return undefined
  if (source.tree.xattrs(from)) return undefined
  return `${source.contentDigest(from)} ${mode} ${uid} ${gid} ${mtime}`
}
