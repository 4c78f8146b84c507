import { formatSize } from '../../base/index.ts'
import type { GateInput, PolicyResult } from '../types.ts'

/** Criterion 2: the uncompressed sum of the layers, the number that `image ls` prints. */
export function imageSize({ max }: { readonly max: number }, { image }: GateInput): PolicyResult {
  const common = {
    id: 'image-size',
    title: `image under ${formatSize(max)}`,
    allowed: `under ${formatSize(max)}`,
    why: 'every node and every CI run pulls and unpacks all of it',
    fix: 'jettison slim; jettison analyze IMAGE names the largest parts',
  } as const
  if (!image) return { ...common, status: 'skip', found: 'no image', evidence: [] }
  return {
    ...common,
    status: image.size < max ? 'pass' : 'fail',
    found: formatSize(image.size),
    evidence: [`${image.reference}: ${image.size} bytes`],
  }
}
