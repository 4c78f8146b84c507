import { type ByteStream, Fault, isFault } from '../base/index.ts'
import { type HttpAnswer, redactUrl } from '../http/index.ts'
import type { Descriptor } from '../image/index.ts'
import { answerFault, unreachable } from './fault.ts'
import type { Session } from './session.ts'

/** Up to this size a blob is sent in one request, and sent again whole when that breaks. */
const whole = 16 * 1024 * 1024
/** Above, in pieces: a broken one is taken up where the registry says that it is. */
const piece = 64 * 1024 * 1024
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

export async function hasBlob(
  session: Session,
  { digest, size }: Descriptor,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const head = await session.send({ method: 'HEAD', path: `blobs/${digest}` }, signal)
  head.discard()
  // Some keep the name of a blob whose bytes they lost.
  return head.status === 200 && [undefined, String(size)].includes(head.headers['content-length'])
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
    if (answer.status === 202) await cancel(session, answer, signal)
  }
  return false
}

async function cancel(
  session: Session,
  answer: HttpAnswer,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    const path = uploadUrl(answer, answer.headers.location)
    const gone = await session.sendOnce({ method: 'DELETE', path }, signal)
    gone.discard()
  } catch (error) {
    signal?.throwIfAborted()
    // Registries clear away what nobody finishes.
    if (!isFault(error)) throw error
  }
}

/** Sends a blob that the registry does not have. */
export async function sendBlob(
  session: Session,
  blob: Descriptor,
  options: UploadOptions,
): Promise<'sent'> {
  const { signal } = options
  try {
    let pieces = blob.size > whole
    for (let round = 1; round <= rounds; round++) {
      const end = pieces
        ? await sendPieces(session, blob, options)
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

type End = 'done' | 'lost' | 'no-pieces'

async function begin(session: Session, signal: AbortSignal | undefined): Promise<HttpAnswer> {
  const request = { method: 'POST', path: 'blobs/uploads/', body: Buffer.alloc(0) } as const
  const answer = await session.sendOnce(request, signal)
  if (answer.status !== 202) throw await answerFault(answer, session.registry, session.repository)
  answer.discard()
  return answer
}

const octets = { 'content-type': 'application/octet-stream' }

async function sendWhole(session: Session, blob: Descriptor, options: UploadOptions): Promise<End> {
  const begun = await begin(session, options.signal)
  const path = finishing(uploadUrl(begun, begun.headers.location), blob)
  const body = { size: blob.size, open: () => options.open(0) }
  const put = await session.sendOnce({ method: 'PUT', path, headers: octets, body }, options.signal)
  if (put.status === 404) return discarded(put, 'lost')
  if (put.status !== 201) throw await answerFault(put, session.registry, `the blob ${blob.digest}`)
  options.onBytes?.(blob.size)
  return discarded(put, 'done')
}

/** Where an upload stands. `sure` is false after a request of which we do not know what it did. */
type Progress = { readonly url: URL; readonly offset: number; readonly sure: boolean }

async function sendPieces(
  session: Session,
  blob: Descriptor,
  options: UploadOptions,
): Promise<End> {
  const { signal } = options
  const begun = await session.again(() => begin(session, signal), signal)
  const least = Number(begun.headers['oci-chunk-min-length'] ?? 0)
  const size = Math.max(piece, Number.isSafeInteger(least) ? least : 0)
  let at: Progress | End = {
    ...{ url: uploadUrl(begun, begun.headers.location), offset: 0, sure: true },
  }
  while (typeof at === 'object' && at.offset < blob.size) {
    let from: Progress = at
    at = await session.again(async () => {
      const known: Progress | End = from.sure ? from : await askProgress(session, from, signal)
      if (typeof known === 'string') return known
      from = { ...known, sure: false }
      options.onBytes?.(known.offset)
      const length = Math.min(size, blob.size - known.offset)
      return length === 0 ? known : await sendPiece(session, known, length, options)
    }, signal)
  }
  return typeof at === 'string' ? at : await finish(session, at.url, blob, signal)
}

async function sendPiece(
  session: Session,
  { url, offset }: Progress,
  length: number,
  { open, signal }: UploadOptions,
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

function finishing(url: URL, { digest }: Descriptor): URL {
  const final = new URL(url)
  final.searchParams.set('digest', digest)
  return final
}

/** Where the registry wants the bytes: never from https to http; another host's address is checked when it is used. */
function uploadUrl(answer: HttpAnswer, location: string | undefined): URL {
  const from = answer.url
  if (location === undefined || !URL.canParse(location, from.href))
    throw new Fault('REGISTRY_ERROR', `${from.host} names no place for an upload`)
  const url = new URL(location, from)
  url.username = ''
  url.password = ''
  if (url.protocol === 'https:' || (url.protocol === 'http:' && from.protocol === 'http:'))
    return url
  throw new Fault('REGISTRY_ERROR', `${from.host} wants an upload at ${redactUrl(url)}, not https`)
}

function discarded<T>(answer: HttpAnswer, value: T): T {
  answer.discard()
  return value
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
