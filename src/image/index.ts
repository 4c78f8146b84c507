/**
 * Image: OCI documents, references and digests; `tree/` file trees; `tar/` layer archives.
 * In: bytes and values. Out: values. No disk and no network.
 */
export type {
  Annotations,
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
export { formatPlatform, parsePlatform } from './platform.ts'
export { readImageConfig } from './read-config.ts'
export {
  familiarName,
  familiarRepository,
  formatReference,
  parseReference,
  type Reference,
  withDefaultTag,
} from './reference.ts'
export {
  type ByteReader,
  type ByteSource,
  byteReader,
  encodeTarHeader,
  readTar,
  scanTar,
  type TarHeader,
  type TarKind,
  type TarMember,
  tarEnd,
  tarPadding,
} from './tar/index.ts'
export { type LayerFile, type TarLayer, tarLayer } from './tar-layer.ts'
export {
  compilePatterns,
  type FileTree,
  globMatch,
  hasGlob,
  type LayerNode,
  type LayerView,
  overlayTree,
  type PathPattern,
  type PatternSet,
  type PatternState,
  type Resolved,
  readResolved,
  resolvePath,
  type TreeEntry,
} from './tree/index.ts'
