/**
 * Runs `work` over all items, at most `width` at a time. The first failure aborts the others, which are waited for
 * before it is thrown: nothing goes on behind the caller's back.
 */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  signal: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  const both = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  const pending = [...items]
  let failure: { readonly error: unknown } | undefined
  const lane = async (): Promise<void> => {
    for (let item = pending.shift(); item !== undefined && !both.aborted; item = pending.shift()) {
      try {
        await work(item, both)
      } catch (error) {
        failure ??= { error }
        stop.abort(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
  signal?.throwIfAborted()
  if (failure) throw failure.error
}

/** Runs what it is given, at most `width` at a time; the others wait for their turn in the order in which they came. */
export function atMost(width: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let free = width
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}

/** Runs what it is given one after the other, in the order in which it was asked. */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}
