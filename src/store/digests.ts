import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import type { LayerId } from '../build/index.ts'
import { type Digest, parseDigest } from '../image/index.ts'
import type { StoreContext } from './context.ts'
import { diskFault, unlessReadOnly } from './disk-fault.ts'
import { type LayerDiff, layerFiles, needLayer, readDiff, writeDiff } from './layers.ts'

const running = new WeakMap<StoreContext, Map<LayerId, Promise<LayerDiff>>>()

/** diffID and tar size of a layer, computed once; the tar is hashed and never written. */
export async function diffOf(
  context: StoreContext,
  id: LayerId,
  signal: AbortSignal | undefined,
): Promise<LayerDiff> {
  const known = readDiff(context, id)
  if (known) return known
  const all = running.get(context) ?? new Map<LayerId, Promise<LayerDiff>>()
  running.set(context, all)
  const already = all.get(id)
  if (already) return await already
  const work = computeDiff(context, id, signal).finally(() => all.delete(id))
  all.set(id, work)
  return await work
}

async function computeDiff(
  context: StoreContext,
  id: LayerId,
  signal: AbortSignal | undefined,
): Promise<LayerDiff> {
  const { packDirectory } = await import('./pack.ts')
  const meta = needLayer(context, id)
  const hash = createHash('sha256')
  let tarSize = 0
  let chunks = 0
  const { lastScan } = context
  if (lastScan?.id === id) context.lastScan = undefined
  const scanned = lastScan?.id === id ? lastScan.scanned : undefined
  try {
    for (const chunk of packDirectory(layerFiles(context, id), meta, scanned)) {
      hash.update(chunk)
      tarSize += chunk.length
      chunks += 1
      // Lets timers, signals and other layers have their turn about every 20 ms.
      if (chunks % 16 === 0) await turn()
      signal?.throwIfAborted()
    }
  } catch (error) {
    throw diskFault(error, `read layer ${id}`)
  }
  const diffId: Digest = parseDigest(`sha256:${hash.digest('hex')}`)
  const diff: LayerDiff = { diffId, tarSize, blob: null }
  unlessReadOnly(() => writeDiff(context, id, diff))
  return diff
}
