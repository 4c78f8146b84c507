import { type Analysis, accountLayers, analyzeImage, type LayerAccount } from '../analysis/index.ts'
import { type BuiltLine, builtLines } from './built-lines.ts'
import { type ImageSource, lookInto } from './image-source.ts'
import type { Session } from './session.ts'

/** What each byte of an image is, and what became of the bytes of each layer. */
export type AnalyzedImage = Omit<Analysis, 'layers'> & {
  readonly reference: string
  readonly id: string
  readonly layers: readonly (Analysis['layers'][number] &
    LayerAccount & {
      /** The line that made it; null for the base's, and where this store does not remember the build. */
      readonly instruction: BuiltLine | null
    })[]
  /** Sums over the layers: pulled, and never seen. */
  readonly hidden: Omit<LayerAccount, 'live'>
}

/** @param name as `openImage` takes it @throws Fault IMAGE_NOT_FOUND, ARCHIVE_INVALID */
export function analyzeNamed(session: Session, name: string, cwd: string): Promise<AnalyzedImage> {
  return lookInto(session, name, cwd, (image) => analyzed(image, builtLines(session, image.id)))
}

function analyzed(image: ImageSource, lines: ReadonlyMap<number, BuiltLine>): AnalyzedImage {
  const { tree, config } = image
  const layerSizes = image.layers.map(({ bytes }) => bytes)
  const analysis = analyzeImage({ tree, config, layerSizes })
  const accounts = accountLayers(tree, image.layers)
  const sum = (field: keyof LayerAccount): number =>
    accounts.reduce((total, account) => total + account[field], 0)
  return {
    ...analysis,
    ...{ reference: image.name, id: image.id },
    layers: analysis.layers.map((layer) => ({
      ...layer,
      ...(accounts[layer.index] ?? { live: 0, overwritten: 0, metadataOnly: 0, deleted: 0 }),
      instruction: lines.get(layer.index) ?? null,
    })),
    hidden: {
      overwritten: sum('overwritten'),
      metadataOnly: sum('metadataOnly'),
      deleted: sum('deleted'),
    },
  }
}
