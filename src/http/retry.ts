import { setTimeout as sleep } from 'node:timers/promises'
import { Fault, isFault } from '../base/index.ts'
import type { HttpAnswer } from './client.ts'

export type RetryOptions = {
  readonly signal?: AbortSignal | undefined
  /** Time after which no new attempt is made. */
  readonly budgetMs?: number
  /** Longest first wait; it doubles from there. */
  readonly baseMs?: number
  /** Told before each wait. */
  readonly onRetry?: (why: string, waitMs: number) => void
}

/** The waits alone fill the budget before that. */
const mostTries = 40
const transientStatus: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])
const transientFault: ReadonlySet<string> = new Set([
  'HTTP_FAILED',
  'HTTP_TIMEOUT',
  'HTTP_INCOMPLETE',
])

/**
 * Repeats `attempt` while it fails in a way that time may mend: with growing waits and full jitter, or as long as
 * `Retry-After` says, within a budget of two minutes. A host that cannot be reached at all is asked twice only, so
 * that working without a network does not mean waiting for it.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { budgetMs = 120_000, baseMs = 500 } = options
  const deadline = performance.now() + budgetMs
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      options.signal?.throwIfAborted()
      const again =
        isFault(error) &&
        (transientFault.has(error.code) || (error.code === 'HTTP_UNREACHABLE' && tries < 2))
      const wait = retryAfterOf(error) ?? Math.random() * Math.min(30_000, baseMs * 2 ** tries)
      if (!again || tries >= mostTries || performance.now() + wait > deadline) throw error
      options.onRetry?.(error.message, wait)
      await sleep(wait, undefined, options.signal ? { signal: options.signal } : {})
    }
  }
}

/** Throws a retryable fault for an answer that says "not now"; passes every other answer on. */
export function refuseTransient(answer: HttpAnswer): HttpAnswer {
  if (!transientStatus.has(answer.status)) return answer
  answer.discard()
  const wait = parseRetryAfter(answer.headers['retry-after'], Date.now())
  throw Object.assign(
    new Fault('HTTP_FAILED', `${answer.url.host} answered ${answer.status}`, {
      hint: 'the server is busy or broken; try again later',
    }),
    { retryAfterMs: wait, status: answer.status },
  )
}

/** RFC 9110 §10.2.3: seconds or a date. @returns milliseconds to wait, null when absent or unreadable */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  if (value === undefined) return null
  if (/^\d+$/.test(value.trim())) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

function retryAfterOf(error: unknown): number | null {
  const wait = (error as { readonly retryAfterMs?: number | null }).retryAfterMs
  return typeof wait === 'number' ? wait : null
}
