/**
 * Store: blobs, unpacked layers, tags and step records on disk. In: bytes, drafts. Out: images, trees, archives.
 * Everything it publishes is complete and immutable; what is half-written is never visible.
 */
export { type ArchiveImage, openArchiveImage } from './archive-image.ts'
export { type DiskPath, native } from './native.ts'
export { openStore } from './open.ts'
export { type LayerStreams, openStreamedImage } from './streamed-image.ts'
export { piecesOf, tarOfTree } from './tree-tar.ts'
export type * from './types.ts'
