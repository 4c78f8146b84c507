import type { Outcome } from '../engines/types.ts'
import { type CompareOptions, compareImages } from '../image/compare.ts'

/**
 * What keeps two outcomes from being the same; empty when both refuse or both made one image. Mount points that
 * BuildKit's runtime makes on an image without them and leaves behind do not count: they are nobody's files.
 */
export function differences(
  ours: Outcome,
  theirs: Outcome,
  options: CompareOptions,
): readonly string[] {
  if (ours.kind !== theirs.kind) {
    const { log } = ours.kind === 'refused' ? ours : theirs
    const text = log.trim().split('\n').slice(-8).join(' / ')
    return [`ours is ${ours.kind}, theirs ${theirs.kind}: ${text}`]
  }
  if (ours.kind === 'refused' || theirs.kind === 'refused') return []
  return compareImages(ours.image, theirs.image, options).filter(
    (line) => !/^\/(?:proc|sys|dev|etc|run|x): only theirs has it \(dir\)$/.test(line),
  )
}
