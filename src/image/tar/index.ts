/**
 * Tar: layer archives (POSIX pax, GNU, ustar).
 * In: bytes. Out: headers and bodies, and the other way round.
 */
export { type ByteReader, type ByteSource, byteReader } from './bytes.ts'
export { type TarHeader, type TarKind, tarEnd, tarPadding } from './header.ts'
export { readTar, scanTar, type TarMember } from './read.ts'
export { encodeTarHeader } from './write.ts'
