import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseDigest } from '../image/index.ts'
import type { BlobInfo } from './blobs.ts'
import { memberName, readStagedJson, type StagedArchive, type StagedFile } from './load-archive.ts'

/**
 * An OCI image layout (image-layout.md) or an unpacked `docker save` as it lies in a folder. Each file is digested when
 * it is first asked for. Links are followed, as tools make layouts of links: what a file holds is believed by its digest
 * only, wherever it lies.
 */
export function stageFolder(dir: string): StagedArchive {
  const found = new Map<string, StagedFile | undefined>()
  const find = (name: string): StagedFile | undefined => {
    const inside = memberName(name)
    if (!found.has(inside)) found.set(inside, fileAt(dir, inside))
    return found.get(inside)
  }
  return { find, json: (name) => readStagedJson(find(name), name), discard: () => {} }
}

function fileAt(dir: string, name: string): StagedFile | undefined {
  if (name === '..' || name.startsWith('../') || name.includes('\0')) return undefined
  const path = join(dir, name)
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined
  return { ...digestOf(path), path }
}

function digestOf(path: string): BlobInfo {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(1 << 20)
  const fd = openSync(path, 'r')
  let size = 0
  try {
    for (let count = 1; count > 0; ) {
      count = readSync(fd, buffer, 0, buffer.length, null)
      hash.update(buffer.subarray(0, count))
      size += count
    }
  } finally {
    closeSync(fd)
  }
  return { digest: parseDigest(`sha256:${hash.digest('hex')}`), size }
}
