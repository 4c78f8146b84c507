import { Fault, isFault } from '../base/index.ts'
import { type HttpAnswer, redactUrl } from '../http/index.ts'
import type { Descriptor } from '../image/index.ts'
import { answerFault } from './fault.ts'
import type { Session } from './session.ts'

export const octets = { 'content-type': 'application/octet-stream' } as const

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

/** The single requests of an upload (distribution spec, "Pushing blobs"). @throws Fault HTTP_*, REGISTRY_ERROR, UNAUTHORIZED */
export async function beginUpload(
  session: Session,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const request = { method: 'POST', path: 'blobs/uploads/', body: Buffer.alloc(0) } as const
  const answer = await session.sendOnce(request, signal)
  if (answer.status !== 202) throw await answerFault(answer, session.registry, session.repository)
  answer.discard()
  return answer
}

/** Gives up an upload that was begun; whether the registry heard of it does not matter. */
export async function cancelUpload(
  session: Session,
  answer: Pick<HttpAnswer, 'url' | 'headers'>,
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

/** The address that ends an upload. */
export function finishing(url: URL, { digest }: Descriptor): URL {
  const final = new URL(url)
  final.searchParams.set('digest', digest)
  return final
}

/** Where the registry wants the bytes: never from https to http; another host's address is checked when it is used. */
export function uploadUrl(answer: Pick<HttpAnswer, 'url'>, location: string | undefined): URL {
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

/** Lets go of an answer whose body nobody wants. */
export function discarded<T>(answer: HttpAnswer, value: T): T {
  answer.discard()
  return value
}
