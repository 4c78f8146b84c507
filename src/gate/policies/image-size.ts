import { formatSize } from '../../base/index.ts'
import type { PolicyKind } from '../define.ts'

/** Criterion 2: the uncompressed sum of the layers, the number that `image ls` prints. */
export const imageSize: PolicyKind<{ readonly max: 'size' }> = {
  options: { max: 'size' },
  why: 'every node and every CI run pulls and unpacks all of it',
  fix: 'jettison slim; jettison analyze IMAGE names the largest parts',
  slimFixes: true,
  judge: ({ max }, { image }) => {
    const limit = `under ${formatSize(max)}`
    const common = { title: `image ${limit}`, allowed: limit }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    return {
      ...common,
      status: image.size < max ? 'pass' : 'fail',
      found: formatSize(image.size),
      items: [{ what: `${image.reference}: ${image.size} bytes`, bytes: image.size }],
    }
  },
}
