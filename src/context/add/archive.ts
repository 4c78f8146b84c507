import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { posix } from 'node:path'
import { type ByteStream, Fault, isFault } from '../../base/index.ts'
import type { ArchiveFiles, CopySource } from '../../build/index.ts'
import {
  type Digest,
  parseDigest,
  readTar,
  resolvePath,
  type TarHeader,
  type TarMember,
} from '../../image/index.ts'
import { decompress, detectArchive } from './decompress.ts'
import { type MemoryTree, memoryTree, type NewEntry } from './memory-tree.ts'

/** An archive whose file bodies lie in one spool file; `close` lets go of it. */
export type ArchiveSource = ArchiveFiles & { close(): void }

const chunk = 1024 * 1024

/**
 * The files of an archive in `source`, or null when it is none: Docker decides by content, so a text named `.tar` and
 * a compressed file that holds no tar are copied as they are. Links inside the archive are followed inside it only.
 * @throws Fault ADD_ARCHIVE_DAMAGED and the tar reader's, for an archive that begins well and breaks off
 */
export async function readArchive(
  source: CopySource,
  path: string,
  options: { readonly spool: string; readonly signal?: AbortSignal | undefined },
): Promise<ArchiveSource | null> {
  const size = source.tree.lookup(path)?.size ?? 0
  const format = detectArchive(source.tree.read(path, { offset: 0, length: 512 }))
  if (!format) return null
  const bytes = decompress(chunksOf(source, path, size), format, options.signal)
  const members = readTar(bytes)
  const first = await firstMember(members)
  return first ? await spoolMembers(first, members, options) : null
}

async function firstMember(members: AsyncGenerator<TarMember>): Promise<TarMember | null> {
  try {
    const first = await members.next()
    return first.done === true ? null : first.value
  } catch (error) {
    const harmless =
      isFault(error) && (error.code === 'ADD_ARCHIVE_DAMAGED' || error.code.startsWith('TAR_'))
    if (harmless) return null
    throw error
  }
}

async function spoolMembers(
  first: TarMember,
  rest: AsyncGenerator<TarMember>,
  { spool, signal }: { readonly spool: string; readonly signal?: AbortSignal | undefined },
): Promise<ArchiveSource> {
  const fd = openSync(spool, 'wx+', 0o600)
  const tree = memoryTree()
  const digests = new Map<string, Digest>()
  const named = new Set<string>()
  let end = 0
  const add = async ({ header, body }: TarMember): Promise<void> => {
    signal?.throwIfAborted()
    const path = cleanName(header.name)
    if (header.kind === 'hardlink') return addHardlink(tree, digests, path, header)
    if (header.kind !== 'file') {
      named.add(tree.put(path, entryOf(header, header.kind), xattrsOf(header)))
      return
    }
    const start = end
    const hash = createHash('sha256')
    for await (const part of body) {
      hash.update(part)
      for (let at = 0; at < part.length; ) at += writeSync(fd, part, at, part.length - at, end + at)
      end += part.length
    }
    const read = (part: { readonly offset: number; readonly length: number }): Uint8Array =>
      readAt(fd, start + part.offset, part.length)
    const real = tree.put(
      path,
      { ...entryOf(header, 'file'), size: end - start },
      { read, ...xattrsOf(header) },
    )
    digests.set(real, parseDigest(`sha256:${hash.digest('hex')}`))
  }
  try {
    await add(first)
    for await (const member of rest) await add(member)
  } catch (error) {
    // Ends the tool that decompresses, if there is one.
    await rest.return(undefined)
    closeSync(fd)
    throw error
  }
  const implied = [...tree.walk()].filter(({ kind, path }) => kind === 'dir' && !named.has(path))
  return {
    tree,
    implied: new Set(implied.map(({ path }) => path)),
    hostPath: () => null,
    contentDigest: (path) => {
      const digest = digests.get(path)
      if (digest && tree.lookup(path)?.kind === 'file') return digest
      throw new Fault('TREE_NOT_A_FILE', `${path} is not a regular file`)
    },
    close: () => closeSync(fd),
  }
}

/** A hard link shows the bytes and the attributes of what it names, which must come before it. */
function addHardlink(
  tree: MemoryTree,
  digests: Map<string, Digest>,
  path: string,
  header: TarHeader,
): void {
  const { path: target } = resolvePath(tree, cleanName(header.link ?? ''), { followLast: false })
  const entry = tree.lookup(target)
  if (!entry || entry.kind === 'dir')
    throw new Fault(
      'ADD_ARCHIVE_INVALID',
      `${header.name} is a hard link to ${header.link}, which is not in the archive`,
      { kind: 'invalid' },
    )
  const group = entry.hardlinkGroup ?? target
  const linked = { ...entry, ...(entry.kind === 'file' ? { hardlinkGroup: group } : {}) }
  tree.put(target, linked, tree.extra(target))
  const real = tree.put(path, linked, tree.extra(target))
  const digest = digests.get(target)
  if (digest) digests.set(real, digest)
}

function entryOf(header: TarHeader, kind: NewEntry['kind']): NewEntry {
  return {
    kind,
    mode: header.mode & 0o7777,
    uid: header.uid,
    gid: header.gid,
    size: 0,
    mtime: Math.floor(header.mtime),
    ...(header.kind === 'symlink' ? { link: header.link ?? '' } : {}),
    ...(header.device ? { device: header.device } : {}),
  }
}

/** Overlay's own attributes would be obeyed by the kernel: an archive may not set them. */
function xattrsOf({ xattrs }: TarHeader): { readonly xattrs?: ReadonlyMap<string, Uint8Array> } {
  const kept = [...(xattrs ?? [])].filter(([name]) => !/^(?:trusted|user)\.overlay\./.test(name))
  return kept.length > 0 ? { xattrs: new Map(kept) } : {}
}

/** Absolute names lose their slash; names that climb out of the archive are refused. */
function cleanName(name: string): string {
  if (name.split('/').includes('..') || name.includes('\0'))
    throw new Fault(
      'ADD_ARCHIVE_INVALID',
      `the archive holds ${JSON.stringify(name)}, which leads out of it`,
      { kind: 'invalid' },
    )
  const path = posix.normalize(`/${name}`)
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

async function* chunksOf(source: CopySource, path: string, size: number): ByteStream {
  for (let offset = 0; offset < size; offset += chunk)
    yield await Promise.resolve(
      source.tree.read(path, { offset, length: Math.min(chunk, size - offset) }),
    )
}

function readAt(fd: number, position: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const count = readSync(fd, bytes, filled, length - filled, position + filled)
    if (count === 0) break
    filled += count
  }
  return bytes.subarray(0, filled)
}
