import type { Ulimit } from '../../../build/index.ts'

/** Names of the limits of setrlimit(2) in the order of their numbers (asm-generic/resource.h). */
export const ulimitNames: readonly string[] = [
  ...['cpu', 'fsize', 'data', 'stack', 'core', 'rss', 'nproc', 'nofile', 'memlock', 'as'],
  ...['locks', 'sigpending', 'msgqueue', 'nice', 'rtprio', 'rttime'],
]

/** Core dumps are off unless they are asked for: a limit that was lowered once could not be raised again. */
export function ulimitsOf({
  ulimits = [],
}: {
  readonly ulimits?: readonly Ulimit[]
}): readonly Ulimit[] {
  const given = new Map(ulimits.map((limit) => [limit.name, limit]))
  return [...new Map([['core', { name: 'core', soft: 0, hard: 0 }], ...given]).values()]
}
