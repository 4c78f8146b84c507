import type { ByteStream } from '../base/index.ts'
import { hasBlob, putBlob, readBlob } from './blobs.ts'
import { builds, putBuild } from './builds.ts'
import { openContext } from './context.ts'
import { findCopied, putCopied } from './copied.ts'
import { diffOf } from './digests.ts'
import { onDisk } from './disk-fault.ts'
import { cacheMount, draftLayer, sweepDead, workspace } from './drafts.ts'
import { adoptImage, findImage, needImage, putImage, restoreImage, setManifest } from './images.ts'
import { layerPlaces, noteLayerPlace } from './layer-places.ts'
import { layerTree } from './layer-tree.ts'
import { layerByDiffId, layerFiles, layerInfo, needLayer } from './layers.ts'
import { listImages } from './list.ts'
import { packedSize } from './packed-size.ts'
import { findStep, putStep, stepPreimage } from './steps.ts'
import { prune, removeImage } from './sweep.ts'
import { removeTag, writeTag } from './tags.ts'
import { emptyTrash } from './trash.ts'
import type { Store } from './types.ts'

/**
 * Opens the store, making it when the directory is missing or empty. Costs a few system calls: nothing is scanned, and
 * what only some commands do is loaded when they do it.
 * @throws Fault STORE_UNSAFE, STORE_VERSION, STORE_IO
 */
export function openStore(root: string): Store {
  const context = openContext(root)
  // Before something is looked for that is going to be used: from then on nobody takes it away.
  const after =
    (register: () => void) =>
    <Args extends readonly unknown[], Result>(work: (...args: Args) => Result) =>
    (...args: Args): Result => {
      register()
      return work(...args)
    }
  const held = after(context.lease.hold)
  const seen = after(context.lease.look)
  return {
    root: context.root,
    findStep: seen((key) => findStep(context, key)),
    putStep: (key, record, preimage) => putStep(context, key, record, preimage),
    preimage: (key) => stepPreimage(context, key),
    tree: seen((layers) => layerTree(context, layers)),
    layer: (id) => layerInfo(context, id),
    layerPath: seen((id) => {
      needLayer(context, id)
      return layerFiles(context, id)
    }),
    layerByDiffId: seen((diffId) => layerByDiffId(context, diffId)),
    draftLayer: () => draftLayer(context),
    unpackLayer: async (archive, options) => {
      const { unpackLayer } = await import('./unpack.ts')
      return unpackLayer(context, archive, options)
    },
    packLayer: seen((id, { signal }) =>
      late(async () => {
        const { packLayer } = await import('./pack-layer.ts')
        return packLayer(context, id, signal)
      }),
    ),
    diffId: seen(async (id, { signal }) => (await diffOf(context, id, signal)).diffId),
    putBlob: (bytes, options) => putBlob(context, bytes, options),
    readBlob: seen((digest, start) => readBlob(context, digest, start)),
    packedSize: (id) => packedSize(context, id),
    knownPacked: seen(async (id, wish) => {
      const { knownPacked } = await import('./packed-layers.ts')
      return knownPacked(context, id, wish)
    }),
    makePacked: seen(async (id, wish, options) => {
      const { makePacked } = await import('./packed-layers.ts')
      return makePacked(context, id, wish, options)
    }),
    startPacking: seen(async (id, wish, options) => {
      const { startPacking } = await import('./packed-layers.ts')
      return startPacking(context, id, wish, options)
    }),
    layerPlaces: (id, digest) => layerPlaces(context, id, digest),
    noteLayerPlace: (id, digest, place) => noteLayerPlace(context, id, digest, place),
    hasBlob: seen((digest) => hasBlob(context, digest)),
    putImage: held((image) => putImage(context, image)),
    adoptImage: held((config, layers) => adoptImage(context, config, layers)),
    commitImage: held(async (config, layers, { signal }) => {
      const diffIds = []
      for (const id of layers) diffIds.push((await diffOf(context, id, signal)).diffId)
      const rootfs = { type: 'layers', diff_ids: diffIds } as const
      return needImage(context, putImage(context, { config: { ...config, rootfs }, layers }))
    }),
    findImage: seen((nameOrId) => findImage(context, nameOrId)),
    setManifest: (image, manifest) => setManifest(context, image, manifest),
    images: () => listImages(context),
    tag: held((reference, id) => {
      const image = needImage(context, id)
      writeTag(context, reference, image.id)
      restoreImage(context, image)
    }),
    untag: (reference) => removeTag(context, reference),
    removeImage: (nameOrId, options) =>
      onDisk(`remove ${nameOrId}`, () => removeImage(context, nameOrId, options)),
    findCopied: (name) => findCopied(context, name),
    putCopied: (name, copied) => putCopied(context, name, copied),
    putBuild: (account) => putBuild(context, account),
    builds: () => builds(context),
    cacheMount: (id) => cacheMount(context, id),
    workspace: (prefix) => workspace(context, prefix),
    save: seen((references, options) =>
      late(async () => {
        const { save } = await import('./save.ts')
        return save(context, references, options)
      }),
    ),
    load: held(async (archive, options) => {
      const { load } = await import('./load.ts')
      return load(context, archive, options)
    }),
    hold: () => void context.lease.hold(),
    settle: () => context.lease.settle(),
    emptyTrash: () =>
      onDisk('empty the trash', () => {
        sweepDead(context)
        return emptyTrash(context)
      }),
    prune: (options) => onDisk('prune the store', () => prune(context, options)),
    fsck: async (options) => {
      const { fsck } = await import('./fsck.ts')
      return fsck(context, options)
    },
  }
}

async function* late(open: () => Promise<ByteStream>): ByteStream {
  yield* await open()
}
