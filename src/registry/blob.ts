import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ByteStream, Fault, isFault } from '../base/index.ts'
import { type HttpAnswer, readAll } from '../http/index.ts'
import { type Descriptor, sha256 } from '../image/index.ts'
import { downloadRanges } from './blob-ranges.ts'
import { answerFault, unreachable } from './fault.ts'
import type { Session } from './session.ts'

/** Larger blobs are fetched by several requests at a time. */
const usualRangesAbove = 32 * 1024 * 1024
/** Broken connections, one after the other, none of which brought a byte. */
const mostFailures = 4

/**
 * The bytes of a blob: a large one by several ranges at a time where the registry serves them, else in one piece that is
 * continued by `Range` where a broken connection left off. The stream ends well only when size
 * and digest are those of the descriptor, so whoever consumes it publishes nothing before it has ended.
 * @throws Fault DIGEST_MISMATCH, SIZE_MISMATCH, MANIFEST_UNKNOWN, REGISTRY_UNREACHABLE
 */
export async function* downloadBlob(
  session: Session,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  options: {
    readonly signal?: AbortSignal | undefined
    readonly onBytes?: (done: number) => void
    /** Bytes of the largest blob that is fetched by one request: 32 MiB. */
    readonly rangesAbove?: number | undefined
  } = {},
): ByteStream {
  const hash = createHash('sha256')
  let done = 0
  if (size > (options.rangesAbove ?? usualRangesAbove))
    for await (const chunk of downloadRanges(session, { digest, size }, options.signal)) {
      done += chunk.length
      hash.update(chunk)
      options.onBytes?.(done)
      yield chunk
    }
  for (let failures = 0; done < size || size === 0; ) {
    const answer = await openAt(session, digest, done, options.signal)
    const before = done
    try {
      for await (const chunk of answer.body) {
        done += chunk.length
        if (done > size) throw sizeMismatch(size, `more than ${size}`)
        hash.update(chunk)
        options.onBytes?.(done)
        yield chunk
      }
      if (done === before || size === 0) break
    } catch (error) {
      failures = done > before ? 1 : failures + 1
      if (!isFault(error) || !error.code.startsWith('HTTP_') || failures > mostFailures)
        throw unreachable(session.registry, error)
      options.signal?.throwIfAborted()
      await sleep(
        Math.random() * 250 * 2 ** failures,
        undefined,
        options.signal ? { signal: options.signal } : {},
      )
    } finally {
      answer.discard()
    }
  }
  if (done !== size) throw sizeMismatch(size, String(done))
  const found = `sha256:${hash.digest('hex')}`
  if (found !== digest) throw digestMismatch(session.registry, digest, found)
}

/** A small blob or manifest, whole and compared with its descriptor. */
export async function downloadSmall(
  session: Session,
  descriptor: Descriptor,
  limit: number,
  signal: AbortSignal | undefined,
): Promise<Buffer> {
  if (descriptor.size > limit)
    throw new Fault('MANIFEST_INVALID', `${descriptor.digest} is over ${limit} bytes`)
  return await readAll(downloadBlob(session, descriptor, { signal }), limit, descriptor.digest)
}

/** @throws Fault DIGEST_MISMATCH */
export function checkDigest(registry: string, bytes: Uint8Array, expected: string): void {
  const found = sha256(bytes)
  if (found !== expected) throw digestMismatch(registry, expected, found)
}

async function openAt(
  session: Session,
  digest: string,
  offset: number,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const headers = offset === 0 ? {} : { range: `bytes=${offset}-` }
  const answer = await session.send({ method: 'GET', path: `blobs/${digest}`, headers }, signal)
  if (offset === 0 && answer.status === 200) return answer
  if (
    answer.status === 206 &&
    answer.headers['content-range']?.startsWith(`bytes ${offset}-`) === true
  )
    return answer
  // A server that ignores Range sends everything again: skip what is known.
  if (answer.status === 200) return { ...answer, body: skip(answer.body, offset) }
  throw await answerFault(answer, session.registry, `the blob ${digest}`)
}

async function* skip(body: ByteStream, count: number): ByteStream {
  let left = count
  for await (const chunk of body) {
    if (chunk.length > left) yield chunk.subarray(left)
    left = Math.max(0, left - chunk.length)
  }
}

function sizeMismatch(expected: number, found: string): Fault {
  return new Fault(
    'SIZE_MISMATCH',
    `a blob has ${found} bytes where the manifest promises ${expected}`,
    {
      hint: 'the registry or something between damaged it; nothing was stored',
    },
  )
}

function digestMismatch(registry: string, expected: string, found: string): Fault {
  return new Fault('DIGEST_MISMATCH', `${registry} sent ${found} where ${expected} was promised`, {
    hint: 'the registry or something between is not to be trusted; nothing was stored',
  })
}
