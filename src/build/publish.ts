import { withPlace } from '../base/index.ts'
import { type Digest, type ImageConfig, sha256 } from '../image/index.ts'
import { buildArg, type Job } from './job.ts'
import type { LayerId, StoredImage } from './ports.ts'
import type { StageState } from './state.ts'

/**
 * The image of the target, with its tags. One that nobody reads here, and of which layers are absent, becomes none of
 * the store: whoever asked for it takes it from where they are.
 */
export async function publish(job: Job, state: StageState): Promise<StoredImage> {
  const { store } = job.ports
  const labels = { ...state.config.Labels, ...job.request.labels }
  const io = { step: 'layers', emit: job.emit, signal: job.signal }
  if (job.request.keep !== false) await job.absent.present(state.layers, io)
  const layers = state.layers.map(job.absent.known)
  const diffIds = await Promise.all(
    layers.map((id) => job.absent.find(id)?.diffId ?? diffIdOf(job, id)),
  )
  const config: ImageConfig = {
    created: job.created ?? state.created ?? job.request.now,
    ...(state.author === null ? {} : { author: state.author }),
    architecture: job.request.platform.architecture,
    os: job.request.platform.os,
    config: { ...state.config, ...(Object.keys(labels).length > 0 ? { Labels: labels } : {}) },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: state.history,
    ...inlineCache(job, state),
  }
  if (layers.some((id) => job.absent.find(id)))
    return { id: sha256(JSON.stringify(config)), config, layers, manifest: null }
  const id = store.putImage({ config, layers })
  for (const tag of job.request.tags) store.tag(tag, id)
  return { id, config, layers, manifest: null }
}

/** Some files can be in a layer and in no archive of it. @throws Fault with the place of the instruction */
async function diffIdOf(job: Job, id: LayerId): Promise<Digest> {
  try {
    return await job.ports.store.diffId(id, { signal: job.signal })
  } catch (error) {
    const at = job.madeAt.get(id)
    throw at ? withPlace(error, at) : error
  }
}

/** Read by `--cache-from` out of an image; BUILDKIT_INLINE_CACHE asks for it too. */
function inlineCache(job: Job, { layers }: StageState): { readonly [field: string]: unknown } {
  const { request, made } = job
  if (!request.inlineCache && buildArg(request, 'BUILDKIT_INLINE_CACHE') !== '1') return {}
  const records = made
    .map(({ keys, chain, created, layer }) => ({
      keys,
      chain,
      created,
      layer: layers.indexOf(layer),
    }))
    .filter(({ layer }) => layer >= 0)
  return { 'jettison.cache.v1': { version: 1, records } }
}
