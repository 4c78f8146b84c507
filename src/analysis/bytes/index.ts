/** Bytes: what every byte of an image is for. In: a tree and a configuration. Out: categories that sum to its size. */
export {
  accountLayers,
  type HiddenBytes,
  type LayerAccount,
  type LayerToAccount,
} from './account-layers.ts'
export { analyzeImage, type ImageToAnalyze } from './analyze-image.ts'
export { layerLines } from './layer-lines.ts'
export { ballastCategories } from './tally.ts'
export { explainInImage, type Why, type WhyGroup } from './why/index.ts'
