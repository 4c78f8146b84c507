import { formatSize } from '../../base/index.ts'
import type { PolicyKind } from '../define.ts'
import { sortIgnored } from '../ignore.ts'
import type { Examined, Finding, GateImage, Item, WeighedLayer } from '../types.ts'

/** Layers of the whole image. */
export const maxLayers: PolicyKind<{ readonly max: 'count' }> = {
  options: { max: 'count' },
  why: 'each layer costs a request and a lookup; overlay file systems take some hundred at most',
  fix: 'join RUN instructions that belong together',
  slimFixes: false,
  judge: ({ max }, { image }) => {
    const common = { title: `at most ${max} layers`, allowed: `at most ${max}` }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    const count = image.config.rootfs.diff_ids.length
    return {
      ...common,
      status: count <= max ? 'pass' : 'fail',
      found: `${count} layers`,
      items: [],
    }
  },
}

/** The largest layer above the base. */
export const maxLayerSize: PolicyKind<{ readonly max: 'size' }> = {
  options: { max: 'size' },
  why: 'a layer is pulled whole and cached whole',
  fix: 'split what changes often from what does not, or leave out what is not needed',
  slimFixes: true,
  needsBase: true,
  judge: ({ max }, input) => {
    const { image } = input
    const limit = `at most ${formatSize(max)}`
    const common = { title: `no layer above ${formatSize(max)}`, allowed: limit }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    const own = image
      .weight()
      .layers.map((layer, index) => asItem(layer, index))
      .slice(image.baseLayers)
    const over = own.filter(({ bytes }) => bytes > max).sort((a, b) => b.bytes - a.bytes)
    const { counted: large, notCounted } = sortIgnored('max-layer-size', over, input)
    const largest = Math.max(0, ...own.map(({ bytes }) => bytes))
    return {
      ...common,
      status: large.length === 0 ? 'pass' : 'fail',
      found: `the largest is ${formatSize(largest)}`,
      items: large,
      notCounted,
    }
  },
}

function asItem(
  layer: WeighedLayer,
  index: number,
  bytes: number = layer.bytes,
): Item & { readonly bytes: number } {
  return {
    what: `${formatSize(bytes)} in layer ${index + 1}: ${layer.createdBy}`,
    bytes,
    layer: index,
    ...(layer.line === null ? {} : { line: layer.line }),
  }
}

/** Bytes of the own layers that later layers overwrite or delete. */
export const noWastedBytes: PolicyKind<{ readonly max: 'size'; readonly percent: 'percent?' }> = {
  options: { max: 'size', percent: 'percent?' },
  why: 'hidden by a later layer, and still pulled by everyone',
  fix: 'remove files in the RUN that made them; make them once',
  slimFixes: true,
  needsBase: true,
  judge: ({ max, percent }, input) => {
    const { image } = input
    const limit = `${formatSize(max)}${percent === null ? '' : ` and ${percent} %`}`
    const common = { title: `at most ${limit} overwritten or deleted`, allowed: limit }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    return wasted('no-wasted-bytes', common, input, image, {
      of: (layer) => layer.overwritten + layer.deleted,
      fails: (bytes, whole) => bytes > max && (percent === null || bytes * 100 > percent * whole),
    })
  },
}

/** Content that a later layer holds once more, with another owner, mode or time. */
export const noMetadataCopies: PolicyKind<{ readonly max: 'size' }> = {
  options: { max: 'size' },
  why: 'a chown or chmod in a RUN of its own stores every file again',
  fix: 'COPY --chown and --chmod, or change them in the RUN that makes the files',
  slimFixes: false,
  needsBase: true,
  judge: ({ max }, input) => {
    const { image } = input
    const common = {
      title: `at most ${formatSize(max)} stored again for owner or mode`,
      allowed: formatSize(max),
    }
    if (!image) return { ...common, status: 'skip', found: 'no image', items: [] }
    return wasted('no-metadata-copies', common, input, image, {
      of: (layer) => layer.metadataOnly,
      fails: (bytes) => bytes > max,
    })
  },
}

function wasted(
  id: string,
  common: Pick<Finding, 'title' | 'allowed'>,
  input: Examined,
  { weight, baseLayers }: GateImage,
  rule: {
    readonly of: (layer: WeighedLayer) => number
    readonly fails: (bytes: number, whole: number) => boolean
  },
): Finding {
  const { layers } = weight()
  const hidden = layers.map((layer, index) => asItem(layer, index, rule.of(layer)))
  const { counted: own, notCounted } = sortIgnored(
    id,
    hidden.slice(baseLayers).filter(({ bytes }) => bytes > 0),
    input,
  )
  const sum = (items: readonly { readonly bytes: number }[]): number =>
    items.reduce((total, { bytes }) => total + bytes, 0)
  const whole = sum(layers.slice(baseLayers))
  const inBase = sum(hidden.slice(0, baseLayers))
  return {
    ...common,
    status: rule.fails(sum(own), whole) ? 'fail' : 'pass',
    found: formatSize(sum(own)),
    items: [...own].sort((a, b) => b.bytes - a.bytes),
    notCounted: [
      ...(inBase > 0
        ? [`${formatSize(inBase)} in the ${baseLayers} layers of the runtime base`]
        : []),
      ...notCounted,
    ],
  }
}
