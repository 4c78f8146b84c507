/** Bytes: what every byte of an image is for. In: a tree and a configuration. Out: categories that sum to its size. */
export { analyzeImage, type ImageToAnalyze } from './analyze-image.ts'
