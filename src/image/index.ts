/**
 * Image: OCI documents, references and digests; `tree/` file trees; `tar/` layer archives.
 * In: bytes and values. Out: values. No disk and no network.
 */
export type {
  ContainerConfig,
  Descriptor,
  Healthcheck,
  HistoryEntry,
  ImageConfig,
  Manifest,
  Platform,
} from './config.ts'
export { type Digest, digestHex, isDigest, parseDigest, sha256 } from './digest.ts'
export { byCodeUnit, decodeLatin1Name, decodePath, diskPath, encodePath } from './path-bytes.ts'
export {
  familiarName,
  familiarRepository,
  formatReference,
  parseReference,
  type Reference,
  withDefaultTag,
} from './reference.ts'
export { type ByteReader, type ByteSource, byteReader } from './tar/bytes.ts'
export { type TarHeader, type TarKind, tarEnd, tarPadding } from './tar/header.ts'
export { readTar, scanTar, type TarMember } from './tar/read.ts'
export { encodeTarHeader } from './tar/write.ts'
export { type TarLayer, tarLayer } from './tar-layer.ts'
export type { FileTree, TreeEntry } from './tree/entry.ts'
export { globMatch, hasGlob } from './tree/glob.ts'
export { type LayerNode, type LayerView, overlayTree } from './tree/overlay.ts'
export {
  compilePatterns,
  type PathPattern,
  type PatternSet,
  type PatternState,
} from './tree/patterns.ts'
export { type Resolved, readResolved, resolvePath } from './tree/resolve.ts'
