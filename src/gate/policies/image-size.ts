import { formatSize } from '../../base/index.ts'
import type { PolicyKind } from '../define.ts'
import type { GateImage, Item } from '../types.ts'

/** Criterion 2: the uncompressed sum of the layers, the number that `image ls` prints; and what a pull transfers. */
export const imageSize: PolicyKind<{ readonly max: 'size?'; readonly compressed: 'size?' }> = {
  options: { max: 'size?', compressed: 'size?' },
  refuse: ({ max, compressed }) =>
    max === null && compressed === null
      ? ['max', 'image-size needs max, compressed or both']
      : null,
  why: 'every node and every CI run pulls and unpacks all of it',
  fix: 'jettison slim; jettison analyze IMAGE names the largest parts',
  slimFixes: true,
  judge: ({ max, compressed }, { image }) => {
    const limit = [
      ...(max === null ? [] : [`under ${formatSize(max)}`]),
      ...(compressed === null ? [] : [`under ${formatSize(compressed)} compressed`]),
    ].join(', ')
    const common = { title: `image ${limit}`, allowed: limit }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    const packed = compressed === null ? null : image.compressed()
    const over =
      (max !== null && image.size >= max) ||
      (packed !== null && compressed !== null && packed.bytes >= compressed)
    const measured = packed === null ? '' : packed.measured ? '' : ' (estimated)'
    return {
      ...common,
      status: over ? 'fail' : 'pass',
      found: `${formatSize(image.size)}${packed === null ? '' : `, ${formatSize(packed.bytes)} compressed${measured}`}`,
      items: over
        ? largest(image)
        : [{ what: `${image.reference}: ${image.size} bytes`, bytes: image.size }],
    }
  },
}

/** What the bytes are for, most of them first; only a size that is too large is worth the second that this costs. */
function largest(image: GateImage): readonly Item[] {
  return image
    .weight()
    .categories.filter(({ bytes }) => bytes > 0)
    .map(({ id, title, bytes, ballast }) => ({
      what: `${formatSize(bytes)} ${title.toLowerCase()}${ballast ? ', not needed at run time' : ''}`,
      bytes,
      category: id,
    }))
    .sort((a, b) => b.bytes - a.bytes)
}
