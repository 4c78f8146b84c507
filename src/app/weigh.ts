import {
  type Analysis,
  accountLayers,
  analyzeImage,
  type CategoryId,
  type HiddenBytes,
  layerLines,
  type Package,
} from '../analysis/index.ts'
import { parseDockerfile } from '../dockerfile/index.ts'
import type { WeighedFile, Weight } from '../gate/index.ts'
import type { FileWeight, PageImage, PagePackage } from '../report/index.ts'
import { estimateCompressed } from './estimate-compressed.ts'
import { type ImageSource, packedBytes } from './image-source.ts'

/**
 * One image with the place, weight and purpose of every file, as the report page shows it.
 * @param dockerfile text that it was built from, so that layers can name their lines; null when unknown
 */
export function weighImage(
  image: ImageSource,
  dockerfile: string | null,
  baseLayers: number,
): PageImage {
  const weighed = weigh(image, dockerfile, baseLayers)
  const { visible, files, layers, categories } = weighed
  const byLayer = categoriesByLayer(files)
  const ofLayer = image.layers.map((): FileWeight[] => [])
  for (const file of files) ofLayer[file.layer]?.push(file)
  const packed = image.layers.map((layer) => layer.packed)
  return {
    ...{ reference: image.name, id: image.id, visible, categories, files },
    size: layers.reduce((sum, { bytes }) => sum + bytes, 0),
    compressedSize: packedBytes(image.layers),
    layers: layers.map((layer, index) => ({
      ...layer,
      files: ofLayer[index]?.length ?? 0,
      compressed:
        packed[index] ?? estimateCompressed(image.tree, ofLayer[index] ?? [], layer.bytes),
      compressedKnown: packed[index] !== undefined,
      hiddenBy: hidingLayers(weighed.hidden, index),
      categories: [...(byLayer.get(index) ?? [])].sort((a, b) => b[1] - a[1]),
    })),
    packages: weighPackages(weighed),
  }
}

/**
 * The place, weight and purpose of every file of an image, and what became of the bytes of its layers.
 * @param dockerfile text that it was built from, so that layers can name their lines; null when unknown
 * @param baseLayers how many of the layers came with the base and have no line
 */
export function weigh(
  image: ImageSource,
  dockerfile: string | null,
  baseLayers: number,
): Weight &
  Pick<Analysis, 'packages' | 'packageWeights'> & { readonly hidden: readonly HiddenBytes[] } {
  const { tree } = image
  const found: Found[] = []
  const analysis = analyzeImage({
    tree,
    config: image.config,
    layerSizes: image.layers.map(({ bytes }) => bytes),
    onFile: ({ path, size, layer }, { category, what, confidence, package: owner }) => {
      found.push({ file: { path, bytes: size, category, layer, what, confidence }, owner })
    },
  })
  const hidden: HiddenBytes[] = []
  const accounts = accountLayers(tree, image.layers, (one) => hidden.push(one))
  const lines = dockerfile === null ? [] : linesOf(dockerfile, image, baseLayers)
  return {
    visible: analysis.bytes,
    files: withKeepers(found, analysis),
    layers: analysis.layers.map(({ index, createdBy, bytes }) => ({
      ...(accounts[index] ?? { live: bytes, overwritten: 0, metadataOnly: 0, deleted: 0 }),
      ...{ createdBy, bytes },
      line: lines[index] ?? null,
    })),
    categories: analysis.categories,
    packages: analysis.packages,
    packageWeights: analysis.packageWeights,
    hidden,
  }
}

/** Which layers hide bytes of one, and how many. */
function hidingLayers(
  hidden: readonly HiddenBytes[],
  index: number,
): readonly (readonly [number, number])[] {
  const sums = new Map<number, number>()
  for (const { layer, by, bytes } of hidden)
    if (layer === index) sums.set(by, (sums.get(by) ?? 0) + bytes)
  return [...sums].sort(([a], [b]) => a - b)
}

type Found = { readonly file: WeighedFile; readonly owner: Package | undefined }

const forCompiling: readonly CategoryId[] = ['headers', 'static-libraries', 'dev-libraries']

/** A package that stays keeps what it ships for compiling, as numpy does its headers: nobody can leave that out. */
function withKeepers(
  found: readonly Found[],
  { packageWeights, categories }: Analysis,
): readonly WeighedFile[] {
  const ballast = new Set(categories.filter((one) => one.ballast).map(({ id }) => id))
  const staying = new Set(
    packageWeights.filter(({ category }) => !ballast.has(category)).map(keyOf),
  )
  return found.map(({ file, owner }) => {
    const kept = owner && forCompiling.includes(file.category) && staying.has(keyOf(owner))
    return kept ? { ...file, keptBy: `${owner.name} ${owner.version}` } : file
  })
}

/** 1-based first line of the instruction that made each layer. */
function linesOf(
  text: string,
  { config }: ImageSource,
  baseLayers: number,
): readonly (number | null)[] {
  const { value } = parseDockerfile(text)
  return layerLines(value, config).map((index, layer) => {
    const instruction = index === null || layer < baseLayers ? undefined : value.instructions[index]
    return instruction ? text.slice(0, instruction.range.start).split('\n').length : null
  })
}

/** Bytes of each category in each layer, by the layer's index. */
export function categoriesByLayer(
  files: readonly FileWeight[],
): ReadonlyMap<number, ReadonlyMap<CategoryId, number>> {
  const out = new Map<number, Map<CategoryId, number>>()
  for (const { layer, category, bytes } of files) {
    const sums = out.get(layer) ?? new Map<CategoryId, number>()
    out.set(layer, sums.set(category, (sums.get(category) ?? 0) + bytes))
  }
  return out
}

/** What each package weighs, with what its record says besides. */
function weighPackages({
  packages,
  packageWeights,
}: Pick<Analysis, 'packages' | 'packageWeights'>): readonly PagePackage[] {
  const records = new Map(packages.map((one) => [keyOf(one), one]))
  const weighed = packageWeights.map((weight) => records.get(keyOf(weight)))
  const dependsOn = dependencies(weighed)
  return packageWeights.map(({ files: _files, confidence: _sure, layers, ...weight }, index) => ({
    ...weight,
    source: weighed[index]?.source ?? null,
    layer: layers[0]?.layer ?? 0,
    depends: dependsOn(weighed[index]),
  }))
}

function keyOf({ manager, name, version }: Pick<Package, 'manager' | 'name' | 'version'>): string {
  return `${manager} ${name} ${version}`
}

type Known = Package | undefined

/** Which of the packages one asks for: of each clause the first that is there, by its name or by what it provides. */
function dependencies(packages: readonly Known[]): (one: Known) => readonly number[] {
  const names = new Map<string, number>()
  const key = (manager: string, name: string): string => `${manager} ${name}`
  for (const [index, one] of packages.entries())
    for (const name of one?.provides ?? []) names.set(key(one?.manager ?? '', name), index)
  for (const [index, one] of packages.entries())
    if (one) names.set(key(one.manager, one.name), index)
  return (one) => {
    const found = (one?.depends ?? []).flatMap(
      (clause) =>
        clause
          .map((name) => names.get(key(one?.manager ?? '', name)))
          .find((index) => index !== undefined) ?? [],
    )
    return [...new Set(found)]
  }
}
