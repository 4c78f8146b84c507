import { type ByteStream, Fault } from '../base/index.ts'
import type { Descriptor } from '../image/index.ts'
import { answerFault, unreachable } from './fault.ts'
import type { Session } from './session.ts'
import { type End, type PieceSource, sendPieces } from './upload-pieces.ts'
import {
  beginUpload,
  cancelUpload,
  discarded,
  finishing,
  hasBlob,
  octets,
  uploadUrl,
} from './upload-requests.ts'

/** Up to this size a blob is sent in one request, and sent again whole when that breaks. */
const whole = 16 * 1024 * 1024
const rounds = 4

export type UploadOptions = {
  /** The blob's bytes from an offset on. */
  readonly open: (start: number) => ByteStream
  /** Repositories of this registry that may have the blob. */
  readonly mountFrom?: readonly string[]
  readonly signal?: AbortSignal | undefined
  readonly onBytes?: (done: number) => void
}

/** What became of a blob: it was there, was taken over from another repository, or was sent. */
export type Uploaded = 'present' | 'mounted' | 'sent'

/**
 * Brings a blob to the repository (distribution spec, "Pushing blobs"): looks for it, tries to mount it, sends it.
 * @throws Fault UNAUTHORIZED, REGISTRY_ERROR, REGISTRY_UNREACHABLE, UPLOAD_LOST
 */
export async function uploadBlob(
  session: Session,
  blob: Descriptor,
  options: UploadOptions,
): Promise<Uploaded> {
  if (await hasBlob(session, blob, options.signal)) return 'present'
  if (await mountBlob(session, blob, options)) return 'mounted'
  return await sendBlob(session, blob, options)
}

/** Asks the registry to take the blob over from one of its own repositories. */
export async function mountBlob(
  session: Session,
  { digest }: Pick<Descriptor, 'digest'>,
  { mountFrom = [], signal }: Pick<UploadOptions, 'mountFrom' | 'signal'>,
): Promise<boolean> {
  for (const from of mountFrom) {
    const query = new URLSearchParams({ mount: digest, from })
    const answer = await session.send(
      { method: 'POST', path: `blobs/uploads/?${query.toString()}`, body: Buffer.alloc(0) },
      signal,
    )
    answer.discard()
    if (answer.status === 201) return true
    // 202 begins an upload that we have no use for.
    if (answer.status === 202) await cancelUpload(session, answer, signal)
  }
  return false
}

/** Sends a blob that the registry does not have; `pieces: false` when it is known to take none. */
export async function sendBlob(
  session: Session,
  blob: Descriptor,
  options: UploadOptions & { readonly pieces?: boolean },
): Promise<'sent'> {
  const { signal, open, onBytes } = options
  const source: PieceSource = {
    grown: () => Promise.resolve({ size: blob.size, whole: true }),
    blob: () => Promise.resolve(blob),
    ...{ open, onBytes },
  }
  try {
    let pieces = blob.size > whole && options.pieces !== false
    for (let round = 1; round <= rounds; round++) {
      const end = pieces
        ? await sendPieces(session, source, signal)
        : await session.again(() => sendWhole(session, blob, options), signal)
      if (end === 'done') return 'sent'
      pieces = pieces && end === 'lost'
    }
  } catch (error) {
    throw unreachable(session.registry, error)
  }
  throw new Fault(
    'UPLOAD_LOST',
    `${session.registry} lost the upload of ${blob.digest} ${rounds} times`,
    {
      hint: 'several servers behind one name may not share their uploads; try again',
    },
  )
}

/** An archive that may still be in the making. */
export type Growing = {
  /** Its name, once all bytes are there. */
  readonly written: Promise<Descriptor>
  grown(least: number): Promise<{ readonly size: number; readonly whole: boolean }>
  read(start: number): ByteStream
}

/**
 * Sends an archive while it is made, its digest last. When it turns out that the registry has it, no more is sent: that
 * wastes something only where the network is faster than the compression. `missing` is known not to be there.
 * @returns what was sent, which the store need not have safe on its disk yet
 * @throws Fault as `sendBlob`, and what the making of the archive throws
 */
export async function sendGrowing(
  session: Session,
  archive: Growing,
  options: Pick<UploadOptions, 'open' | 'onBytes' | 'signal'> & {
    readonly missing: string | undefined
  },
): Promise<Descriptor> {
  const { signal, missing, ...sending } = options
  let made: Descriptor | undefined
  archive.written.then(
    (blob) => {
      made = blob
    },
    () => {},
  )
  let asked = false
  const isThere = async (): Promise<boolean> => {
    if (made === undefined || asked) return false
    asked = true
    return made.digest !== missing && (await hasBlob(session, made, signal))
  }
  const source: PieceSource = {
    ...sending,
    grown: archive.grown,
    blob: () => archive.written,
    needless: isThere,
  }
  const { whole: small } = await archive.grown(whole + 1)
  const end = small ? 'lost' : await sendPieces(session, source, signal).catch(rethrow)
  const blob = await archive.written
  if (end === 'done' || end === 'needless' || (await isThere())) return blob
  await sendBlob(session, blob, { ...sending, signal, pieces: end !== 'no-pieces' })
  return blob

  function rethrow(error: unknown): never {
    throw unreachable(session.registry, error)
  }
}

async function sendWhole(session: Session, blob: Descriptor, options: UploadOptions): Promise<End> {
  const begun = await beginUpload(session, options.signal)
  const path = finishing(uploadUrl(begun, begun.headers.location), blob)
  const body = { size: blob.size, open: () => options.open(0) }
  const put = await session.sendOnce({ method: 'PUT', path, headers: octets, body }, options.signal)
  if (put.status === 404) return discarded(put, 'lost')
  if (put.status !== 201) throw await answerFault(put, session.registry, `the blob ${blob.digest}`)
  options.onBytes?.(blob.size)
  return discarded(put, 'done')
}
