import { formatSize } from '../../base/index.ts'
import { type FileTree, sha256 } from '../../image/index.ts'
import type { PolicyKind } from '../define.ts'
import { sortIgnored } from '../ignore.ts'
import { many } from '../many.ts'
import type { GateImage, Item } from '../types.ts'

/** Smaller files are alike by chance, licences and empty modules, and are not worth reading. */
const least = 4096

/** Equal content under several names, in the layers above the base; links cost nothing and do not count. */
export const noDuplicates: PolicyKind<{ readonly max: 'size?' }> = {
  options: { max: 'size?' },
  why: 'the same bytes are stored, pulled and unpacked more than once',
  fix: 'keep one and link the others, or copy it once',
  slimFixes: false,
  needsBase: true,
  judge: ({ max }, input) => {
    const limit = max === null ? 'none' : `at most ${formatSize(max)}`
    const common = { title: 'no file stored twice under other names', allowed: limit }
    const { image } = input
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    const { counted, notCounted } = sortIgnored('no-duplicates', duplicatesOf(image), input)
    const bytes = counted.reduce((sum, item) => sum + (item.bytes ?? 0), 0)
    return {
      ...common,
      status: bytes > (max ?? 0) ? 'fail' : 'pass',
      found: bytes === 0 ? 'none' : `${formatSize(bytes)} in ${many(counted.length, 'group')}`,
      items: counted,
      notCounted: [`files below ${formatSize(least)}`, ...notCounted],
    }
  },
}

type Copy = { readonly path: string; readonly layer: number; readonly bytes: number }

/** Groups of equal files, those that cost most first. */
function duplicatesOf(image: GateImage): readonly Item[] {
  const bySize = new Map<number, Copy[]>()
  const links = new Set<string>()
  for (const { path, kind, size, layer, hardlinkGroup } of image.tree.walk()) {
    if (kind !== 'file' || size < least || layer < image.baseLayers) continue
    const link = `${layer}:${hardlinkGroup}`
    if (hardlinkGroup !== undefined && links.has(link)) continue
    links.add(link)
    bySize.set(size, [...(bySize.get(size) ?? []), { path, layer, bytes: size }])
  }
  return [...bySize.values()]
    .filter((copies) => copies.length > 1)
    .flatMap((copies) => equalAmong(image.tree, copies))
    .map(([first, ...others]) => itemOf(image, first, others))
    .sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0))
}

type Group = readonly [Copy, ...(readonly Copy[])]

function equalAmong(tree: FileTree, copies: readonly Copy[]): readonly Group[] {
  const groups = new Map<string, Copy[]>()
  for (const copy of copies) {
    const digest = sha256(tree.read(copy.path))
    groups.set(digest, [...(groups.get(digest) ?? []), copy])
  }
  // The one that was there first is the original.
  for (const group of groups.values()) group.sort((a, b) => a.layer - b.layer)
  return [...groups.values()].flatMap(([first, ...others]) =>
    first && others.length > 0 ? [[first, ...others] as const] : [],
  )
}

function itemOf(image: GateImage, first: Copy, others: readonly Copy[]): Item {
  const layer = others[0]?.layer ?? first.layer
  const names = others.map(({ path }) => path)
  const more = names.length > 3 ? `, and ${names.length - 3} more` : ''
  return {
    what: `${formatSize(first.bytes * others.length)} too much: ${first.path} is also ${names.slice(0, 3).join(', ')}${more}`,
    bytes: first.bytes * others.length,
    path: others[0]?.path ?? first.path,
    layer,
    line: image.weight().layers[layer]?.line ?? undefined,
  }
}
