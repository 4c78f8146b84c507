import type { Digest } from '../image/index.ts'
import type { Session } from './session.ts'

/** Where in a Dockerfile a layer was asked for: the file as the build's caller named it, and the 1-based first line. */
export type BuiltLine = { readonly file: string; readonly line: number }

/**
 * The line that made each layer of an image, as far as this store remembers the build that made it; what came with the
 * base has none. Layers are matched to steps by their identity, not by their text.
 * @returns by the layer's index, 0 = lowest; empty for images that were not built here
 */
export function builtLines(
  { store }: Pick<Session, 'store'>,
  image: Digest,
): ReadonlyMap<number, BuiltLine> {
  const out = new Map<number, BuiltLine>()
  const layers = store.findImage(image)?.layers
  if (!layers) return out
  for (const build of store.builds()) {
    if (build.image !== image) continue
    for (const { key, file, line } of build.steps) {
      const made = store.findStep(key)?.layer
      const index = made === undefined ? -1 : layers.indexOf(made)
      if (index >= 0) out.set(index, { file, line })
    }
    break
  }
  return out
}
