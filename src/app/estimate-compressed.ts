import { deflateRawSync } from 'node:zlib'
import type { FileTree } from '../image/index.ts'
import type { FileWeight } from '../report/index.ts'

const block = 32 * 1024
const most = 64
/** What gzip makes of a member's header, which differs from the last one's in name, size and time. */
const header = 60

/**
 * About how many bytes the archive of a layer would have in a registry: gzip's level 4, which is what a push uses, over
 * blocks taken at even distances from the layer's visible files. Always the same for the same layer.
 * @param files visible files of the layer, in any fixed order
 * @param bytes of the layer, hidden ones included
 */
export function estimateCompressed(
  tree: FileTree,
  files: readonly FileWeight[],
  bytes: number,
): number {
  const whole = files.reduce((sum, file) => sum + file.bytes, 0)
  const blocks = Math.min(most, Math.ceil(whole / block))
  let taken = 0
  let packed = 0
  let file = 0
  let before = 0
  for (let at = 0; at < blocks; at += 1) {
    const place = ((at + 0.5) * whole) / blocks
    for (; before + (files[file]?.bytes ?? whole) <= place; file += 1)
      before += files[file]?.bytes ?? 0
    const found = files[file]
    if (!found) break
    const offset = Math.min(Math.floor(place - before), Math.max(0, found.bytes - block))
    const sample = tree.read(found.path, { offset, length: Math.min(block, found.bytes - offset) })
    taken += sample.length
    packed += deflateRawSync(sample, { level: 4 }).length
  }
  const ratio = taken === 0 ? 1 : Math.min(1, packed / taken)
  return Math.round(bytes * ratio + files.length * header)
}
