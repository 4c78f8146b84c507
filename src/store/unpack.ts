import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { type ByteStream, Fault, isFault } from '../base/index.ts'
import type { LayerInfo } from '../build/index.ts'
import { type Digest, parseDigest } from '../image/index.ts'
import { type BlobWriter, digestMismatch, hasBlob, writeBlob } from './blobs.ts'
import type { StoreContext } from './context.ts'
import { decompress } from './decompress.ts'
import { draftLayer } from './drafts.ts'
import { layerByDiffId, publishFolder } from './layers.ts'
import { unpackTar } from './unpack-members.ts'

export type UnpackOptions = {
  readonly mediaType: string
  readonly diffId?: Digest
  readonly blob?: Digest
  readonly signal?: AbortSignal | undefined
}

/**
 * Unpacks a layer archive and keeps its bytes: blob first, then the layer. One pass digests both the archive and
 * the tar in it. Nothing is visible until both digests are those that were promised.
 * @throws Fault DIGEST_MISMATCH, LAYER_*, TAR_*, ARCHIVE_CORRUPT
 */
export async function unpackLayer(
  context: StoreContext,
  archive: ByteStream,
  { mediaType, diffId, blob, signal }: UnpackOptions,
): Promise<LayerInfo> {
  const present = diffId && layerByDiffId(context, diffId)
  if (present) {
    // An unread stream would keep its file or connection open.
    if (archive instanceof Readable) archive.destroy()
    return present
  }
  const draft = draftLayer(context)
  const kept = writeBlob(context)
  try {
    const { found, tarSize } = await unpackInto(draft.upper, { archive, kept, signal })
    const { digest, size } = kept.finish()
    if (blob && digest !== blob) throw digestMismatch(blob, digest)
    if (diffId && found !== diffId) throw digestMismatch(diffId, found)
    const again = layerByDiffId(context, found)
    if (again) return again
    if (!hasBlob(context, digest)) await kept.commit()
    const diff = { diffId: found, tarSize, blob: { digest, size, mediaType } }
    return publishFolder(context, dirname(draft.upper), { links: 'keep', diff })
  } catch (error) {
    throw named(error, blob ?? diffId)
  } finally {
    kept.discard()
    draft.discard()
  }
}

/** Which of an image's layers it is that was refused. */
function named(error: unknown, layer: Digest | undefined): unknown {
  if (!isFault(error) || !layer || !error.code.startsWith('LAYER_')) return error
  const { code, message, kind, hint } = error
  return new Fault(code, message.replace('the layer archive', `the layer ${layer}`), {
    ...{ kind, hint, cause: error },
  })
}

async function unpackInto(
  directory: string,
  io: {
    readonly archive: ByteStream
    readonly kept: BlobWriter
    readonly signal: AbortSignal | undefined
  },
): Promise<{ readonly found: Digest; readonly tarSize: number }> {
  const hash = createHash('sha256')
  let tarSize = 0
  async function* keeping(): ByteStream {
    for await (const chunk of io.archive) {
      io.signal?.throwIfAborted()
      io.kept.write(chunk)
      yield chunk
    }
  }
  async function* hashing(): ByteStream {
    for await (const chunk of decompress(keeping())) {
      hash.update(chunk)
      tarSize += chunk.length
      yield chunk
    }
  }
  await unpackTar(directory, hashing(), io.signal)
  return { found: parseDigest(`sha256:${hash.digest('hex')}`), tarSize }
}
