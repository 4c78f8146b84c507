/**
 * Trees: the files of an image, by path.
 * In: layers as views, paths, patterns. Out: entries, one merged tree, paths resolved inside its root.
 */
export type { FileTree, TreeEntry } from './entry.ts'
export { globMatch, hasGlob } from './glob.ts'
export { type LayerNode, type LayerView, overlayTree } from './overlay.ts'
export {
  compilePatterns,
  type PathPattern,
  type PatternSet,
  type PatternState,
} from './patterns.ts'
export { type Resolved, readResolved, resolvePath } from './resolve.ts'
