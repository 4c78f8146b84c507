import { setTimeout as sleep } from 'node:timers/promises'
import { type ByteStream, isFault } from '../base/index.ts'
import type { HttpAnswer } from '../http/index.ts'
import type { Descriptor } from '../image/index.ts'
import type { Session } from './session.ts'

/** Bytes of a request, and how many requests of one blob are under way: what waits in memory is their product. */
const rangeSize = 8 * 1024 * 1024
const lanes = 3
/** Answers, one after the other, none of which brought a byte. */
const mostFailures = 3

/**
 * The beginning of a blob, fetched by several requests at a time and given in order. It ends early, and without a
 * fault, when the server does not serve ranges as it is asked to or keeps failing: whoever wants the rest asks for it in
 * one piece, and hears then what is wrong. Nothing is compared with a digest here.
 */
export async function* downloadRanges(
  session: Session,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  signal: AbortSignal | undefined,
): ByteStream {
  const stop = new AbortController()
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  const fetch = (start: number): Promise<Range> => {
    const range = fetchRange(
      session,
      digest,
      { start, end: Math.min(start + rangeSize, size) },
      both,
    )
    // Waited for in its turn; a failure before that is not one that nobody heeds.
    range.catch(() => {})
    return range
  }
  const pending: Promise<Range>[] = []
  try {
    let next = 0
    for (let done = 0; done < size; done += rangeSize) {
      // The first one alone: it tells whether there are ranges at all.
      for (; next < size && pending.length < (done === 0 ? 1 : lanes); next += rangeSize)
        pending.push(fetch(next))
      const { chunks, whole } = await (pending.shift() ?? fetch(done))
      yield* chunks
      if (!whole) return
    }
  } finally {
    stop.abort()
    await Promise.allSettled(pending)
  }
}

/** What came of a range: its beginning, when the server did not give the whole of it. */
type Range = { readonly chunks: readonly Uint8Array[]; readonly whole: boolean }

async function fetchRange(
  session: Session,
  digest: string,
  { start, end }: { readonly start: number; readonly end: number },
  signal: AbortSignal,
): Promise<Range> {
  const chunks: Uint8Array[] = []
  let at = start
  for (let failures = 0; failures < mostFailures; ) {
    const before = at
    let answer: HttpAnswer | undefined
    try {
      const headers = { range: `bytes=${at}-${end - 1}` }
      answer = await session.send({ method: 'GET', path: `blobs/${digest}`, headers }, signal)
      if (!isRange(answer, at, end)) return { chunks, whole: false }
      for await (const chunk of answer.body) {
        // Those that are too many may be of any place.
        if (at + chunk.length > end) return { chunks, whole: false }
        chunks.push(chunk)
        at += chunk.length
      }
      if (at === end) return { chunks, whole: true }
    } catch (error) {
      signal.throwIfAborted()
      if (!isFault(error)) throw error
    } finally {
      answer?.discard()
    }
    failures = at > before ? 1 : failures + 1
    await sleep(Math.random() * 250 * 2 ** failures, undefined, { signal })
  }
  return { chunks, whole: false }
}

/** RFC 9110 §14.4: the range that was asked for and no other; a shorter one is as good as its beginning. */
function isRange({ status, headers }: HttpAnswer, start: number, end: number): boolean {
  const found = /^bytes (\d+)-(\d+)\//.exec(headers['content-range'] ?? '')
  return status === 206 && Number(found?.[1]) === start && Number(found?.[2]) < end
}
