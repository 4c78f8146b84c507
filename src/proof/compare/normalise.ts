/** A pattern whose matches may differ between two runs of one program. */
export type Rule = {
  readonly id: string
  readonly pattern: RegExp
}

const month = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec'
const day = 'Mon|Tue|Wed|Thu|Fri|Sat|Sun'

/**
 * For bodies. In this order, because a later pattern would eat a part of an earlier one. Words in hexadecimal, plain
 * numbers, durations and dates without a time are left out on purpose: they name assets, counts, limits and releases
 * as often as they name what varies, and what varies shows itself when fat is asked twice.
 */
export const bodyRules: readonly Rule[] = [
  {
    id: 'uuid',
    pattern: /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  },
  {
    id: 'http-date',
    pattern: new RegExp(
      `\\b(?:${day}), \\d{2} (?:${month}) \\d{4} \\d{2}:\\d{2}:\\d{2} (?:GMT|[+-]\\d{4})`,
      'g',
    ),
  },
  {
    id: 'log-date',
    pattern: new RegExp(
      `\\b\\d{2}/(?:${month})/\\d{4}[: ]\\d{2}:\\d{2}:\\d{2}(?: [+-]\\d{4})?`,
      'g',
    ),
  },
  {
    id: 'asctime',
    pattern: new RegExp(
      `\\b(?:${day}) (?:${month}) [ \\d]\\d \\d{2}:\\d{2}:\\d{2} (?:[A-Z]{3,4} )?\\d{4}`,
      'g',
    ),
  },
  {
    id: 'iso-date',
    pattern:
      /\b\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?/g,
  },
  { id: 'time', pattern: /\b\d{2}:\d{2}:\d{2}(?:[.,]\d+)?\b/g },
  // Seconds or milliseconds since the epoch, September 2020 to July 2033.
  { id: 'epoch', pattern: /\b(?:1[6-9]|20)\d{8}(?:\d{3}|\.\d+)?\b/g },
  { id: 'address', pattern: /\b0x[0-9a-f]{6,16}\b/gi },
]

/** For logs, which cannot be asked for twice: process numbers, durations and ephemeral ports as well. */
export const logRules: readonly Rule[] = [
  ...bodyRules,
  {
    id: 'duration',
    pattern: /\b\d+(?:\.\d+)?(?:e-\d+)? ?(?:ns|us|µs|ms|msec|secs?|seconds?|s)\b/g,
  },
  { id: 'pid', pattern: /(?:\bpid[ =:"']{1,3}|\[)\d{1,7}(?=\]|\b)/gi },
  // `Object.toString` of Java: each JVM counts them in its own way, the same one at each start.
  { id: 'identity', pattern: /(?<=[\w$>\]])@[0-9a-f]{5,8}\b/g },
  // Linux' ephemeral range starts at 32768 (ip_local_port_range).
  {
    id: 'ephemeral-port',
    pattern: /(?<=[:\s])(?:3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}|[45]\d{4}|6[0-5]\d{3})\b/g,
  },
]

export type Normalised = {
  readonly text: string
  /** What each rule replaced, in order. */
  readonly replaced: ReadonlyMap<string, readonly string[]>
}

/** The text with every match replaced by `<rule>`; the rules for bodies unless told otherwise. */
export function normalise(text: string, rules: readonly Rule[] = bodyRules): Normalised {
  const replaced = new Map<string, readonly string[]>()
  let out = text
  for (const { id, pattern } of rules) {
    const found: string[] = []
    out = out.replace(pattern, (match) => {
      found.push(match)
      return `<${id}>`
    })
    if (found.length > 0) replaced.set(id, found)
  }
  return { text: out, replaced }
}

/** The rules that found different things in two texts: those that made them equal. */
export function firedRules(a: Normalised, b: Normalised): readonly string[] {
  const ids = new Set([...a.replaced.keys(), ...b.replaced.keys()])
  return [...ids].filter(
    (id) => JSON.stringify(a.replaced.get(id)) !== JSON.stringify(b.replaced.get(id)),
  )
}
