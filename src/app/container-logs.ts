import type { Containers } from '../engines/index.ts'
import { natural } from './containers.ts'
import { momentOf } from './filters.ts'
import type { Session } from './session.ts'

/** A line of a container's output, or a part of one. */
export type LogLine = {
  readonly stream: 'stdout' | 'stderr'
  /** RFC 3339. */
  readonly time: string
  /** Whether it is the beginning of a line of its stream. */
  readonly begins: boolean
  readonly bytes: Uint8Array
}

/** `docker logs`' flags as text. */
export type LogQuery = {
  readonly follow: boolean
  /** Only so many lines from the end; `all` and absent: every one. */
  readonly tail?: string | undefined
  /** Moments, or how long ago. */
  readonly since?: string | undefined
  readonly until?: string | undefined
}

/** What a container wrote, line by line. @throws Fault CONTAINER_NOT_FOUND, USAGE */
export async function* containerLogs(
  session: Session,
  name: string,
  query: LogQuery,
): AsyncGenerator<LogLine, void, undefined> {
  const { containers } = await session.engine()
  const now = Date.now()
  const { since, until } = query
  const [from, to] = [since && momentOf(since, now), until && momentOf(until, now)]
  const within = { from: from || Number.NEGATIVE_INFINITY, to: to || Number.POSITIVE_INFINITY }
  const read = (follow: boolean): AsyncGenerator<LogLine, void, undefined> =>
    linesOf(containers.logs(name, { follow, signal: session.signal }), within)
  let skip = await linesBefore(read, query.tail)
  for await (const line of read(query.follow)) {
    if (skip > 0) skip -= ends(line) ? 1 : 0
    else yield line
  }
}

type Within = { readonly from: number; readonly to: number }

async function* linesOf(
  chunks: ReturnType<Containers['logs']>,
  { from, to }: Within,
): AsyncGenerator<LogLine, void, undefined> {
  const open = new Set<LogLine['stream']>()
  for await (const { stream, time, bytes } of chunks) {
    const at = Date.parse(time)
    if (at > to) return
    if (at < from) continue
    for (const line of splitLines(bytes)) {
      const whole = { stream, time, begins: !open.has(stream), bytes: line }
      if (ends(whole)) open.delete(stream)
      else open.add(stream)
      yield whole
    }
  }
}

/** How many lines come before the last ones. A line that is not ended yet is one. */
async function linesBefore(
  read: (follow: boolean) => AsyncIterable<LogLine>,
  tail: string | undefined,
): Promise<number> {
  // Docker's -1 is all.
  if (tail === undefined || tail === 'all' || tail.startsWith('-')) return 0
  const wanted = natural(tail, 'tail')
  let lines = 0
  const open = new Set<LogLine['stream']>()
  for await (const line of read(false)) {
    if (ends(line)) {
      lines += 1
      open.delete(line.stream)
    } else open.add(line.stream)
  }
  return Math.max(0, lines + open.size - wanted)
}

function ends({ bytes }: Pick<LogLine, 'bytes'>): boolean {
  return bytes.at(-1) === newline
}

const newline = 0x0a

function* splitLines(bytes: Uint8Array): Generator<Uint8Array> {
  let start = 0
  while (start < bytes.length) {
    const end = bytes.indexOf(newline, start)
    const next = end < 0 ? bytes.length : end + 1
    yield bytes.subarray(start, next)
    start = next
  }
}
