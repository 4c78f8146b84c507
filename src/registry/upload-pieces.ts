import type { ByteStream } from '../base/index.ts'
import type { HttpAnswer } from '../http/index.ts'
import type { Descriptor } from '../image/index.ts'
import { answerFault } from './fault.ts'
import type { Session } from './session.ts'
import {
  beginUpload,
  cancelUpload,
  discarded,
  finishing,
  hasBlob,
  octets,
  uploadUrl,
} from './upload-requests.ts'

/** A piece has this many bytes at least while the blob grows, and at most: a broken one is sent again. */
const least = 16 * 1024 * 1024
const most = 64 * 1024 * 1024

/** What is sent in pieces, its end perhaps not there yet. */
export type PieceSource = {
  /** Waits until there are that many bytes, or all. */
  grown(least: number): Promise<{ readonly size: number; readonly whole: boolean }>
  /** The bytes from an offset on. */
  open(start: number): ByteStream
  /** Its name, which has to be known only at the end. */
  blob(): Promise<Descriptor>
  /** Asked before each piece: true when nothing more need be sent. */
  needless?(): Promise<boolean>
  readonly onBytes?: ((done: number) => void) | undefined
}

/** `lost`: the registry forgot the upload; `no-pieces`: it takes none. */
export type End = 'done' | 'lost' | 'no-pieces' | 'needless'

/** Where an upload stands. `sure` is false after a request of which we do not know what it did. */
type Progress = { readonly url: URL; readonly offset: number; readonly sure: boolean }

/** One upload in pieces (distribution spec, "Pushing a blob in chunks"). A cut piece goes on where the registry says. */
export async function sendPieces(
  session: Session,
  source: PieceSource,
  signal: AbortSignal | undefined,
): Promise<End> {
  const begun = await session.again(() => beginUpload(session, signal), signal)
  const asked = Number(begun.headers['oci-chunk-min-length'] ?? 0)
  const smallest = Math.max(least, Number.isSafeInteger(asked) ? asked : 0)
  let at: Progress = {
    ...{ url: uploadUrl(begun, begun.headers.location), offset: 0, sure: true },
  }
  for (;;) {
    if (await source.needless?.()) {
      await cancelUpload(session, { url: at.url, headers: { location: at.url.href } }, signal)
      return 'needless'
    }
    const { size, whole } = await source.grown(at.offset + smallest)
    if (whole && at.offset >= size) break
    let from: Progress = at
    const next: Progress | End = await session.again(async () => {
      const known: Progress | End = from.sure ? from : await askProgress(session, from, signal)
      if (typeof known === 'string') return known
      from = { ...known, sure: false }
      source.onBytes?.(known.offset)
      const length = Math.min(Math.max(most, smallest), size - known.offset)
      return length === 0 ? known : await sendPiece(session, known, length, source, signal)
    }, signal)
    if (typeof next === 'string') return next
    at = next
  }
  return await finish(session, at.url, await source.blob(), signal)
}

async function sendPiece(
  session: Session,
  { url, offset }: Progress,
  length: number,
  { open }: PieceSource,
  signal: AbortSignal | undefined,
): Promise<Progress | End> {
  const headers = { ...octets, 'content-range': `${offset}-${offset + length - 1}` }
  const body = { size: length, open: () => first(open(offset), length) }
  const answer = await session.sendOnce({ method: 'PATCH', path: url, headers, body }, signal)
  if (answer.status === 404 || answer.status === 416) return discarded(answer, 'lost')
  if ([400, 405, 411, 413, 501].includes(answer.status) && offset === 0)
    return discarded(answer, 'no-pieces')
  if (answer.status !== 202 && answer.status !== 204 && answer.status !== 201)
    throw await answerFault(answer, session.registry, 'a piece of a blob')
  answer.discard()
  const end = endOf(answer) ?? offset + length
  if (end <= offset || end > offset + length) return 'lost'
  return { url: uploadUrl(answer, answer.headers.location ?? url.href), offset: end, sure: true }
}

/** "If an upload was cut, ask": GET on its location gives the range that arrived. */
async function askProgress(
  session: Session,
  { url }: Progress,
  signal: AbortSignal | undefined,
): Promise<Progress | End> {
  const answer = await session.sendOnce({ method: 'GET', path: url }, signal)
  answer.discard()
  const end = endOf(answer)
  if ((answer.status !== 204 && answer.status !== 202) || end === null) return 'lost'
  const next = uploadUrl(answer, answer.headers.location ?? url.href)
  return { url: next, offset: end, sure: true }
}

async function finish(
  session: Session,
  url: URL,
  blob: Descriptor,
  signal: AbortSignal | undefined,
): Promise<End> {
  const path = finishing(url, blob)
  const request = { method: 'PUT', path, headers: octets, body: Buffer.alloc(0) } as const
  const put = await session.again(() => session.sendOnce(request, signal), signal)
  if (put.status === 201) return discarded(put, 'done')
  // The first of two attempts may have worked without our hearing of it.
  if (put.status !== 404 && put.status !== 400)
    throw await answerFault(put, session.registry, `the blob ${blob.digest}`)
  const there = await hasBlob(session, blob, signal)
  return discarded(put, there ? 'done' : 'lost')
}

/** Bytes that have arrived, from `Range: 0-N`; 0-0 is what some say when there are none. */
function endOf({ headers }: HttpAnswer): number | null {
  const range = /^(?:bytes=)?0-(\d+)$/.exec(String(headers['range'] ?? ''))?.[1]
  if (range === undefined) return null
  return range === '0' ? 0 : Number(range) + 1
}

/** The first `count` bytes; the source is let go of when they were read. */
async function* first(source: ByteStream, count: number): ByteStream {
  let left = count
  for await (const chunk of source) {
    yield chunk.subarray(0, left)
    left -= chunk.length
    if (left <= 0) return
  }
}
