import { closest, Fault } from '../base/index.ts'
import { leftOutFlag } from './left-out.ts'

/** One flag of a command, parsed as Go's pflag parses Docker's. */
export type FlagSpec = {
  readonly long: string
  readonly short?: string
  /** `list` collects every occurrence; `optional` is a string that may stand without a value. */
  readonly kind: 'bool' | 'string' | 'list'
  readonly value?: string
  readonly help: string
}

export type CommandSpec = {
  /** `image ls`, `build`, … */
  readonly name: string
  readonly aliases?: readonly string[]
  /** e.g. `[OPTIONS] PATH`. */
  readonly usage: string
  readonly summary: string
  readonly flags: readonly FlagSpec[]
  readonly args: { readonly min: number; readonly max: number }
  /** Everything after the first positional belongs to the app (`run IMAGE COMMAND…`). */
  readonly stopAtFirst?: boolean
}

export type ParsedFlags = {
  readonly positional: readonly string[]
  bool(name: string): boolean
  text(name: string): string | undefined
  list(name: string): readonly string[]
}

/**
 * pflag's rules: `-t a`, `-ta`, `-t=a`, `--tag a`, `--tag=a`, `-dit`, `--rm=false`, `--` ends flags.
 * @throws Fault USAGE (exit 2)
 */
export function parseFlags(spec: CommandSpec, argv: readonly string[]): ParsedFlags {
  const values = new Map<string, string[]>()
  const positional: string[] = []
  const put = (flag: FlagSpec, value: string): void => {
    const list = values.get(flag.long) ?? []
    if (flag.kind === 'list') values.set(flag.long, [...list, value])
    else values.set(flag.long, [value])
  }
  const rest = [...argv]
  while (rest.length > 0) {
    const word = rest.shift() ?? ''
    if (
      word === '--' ||
      (spec.stopAtFirst && (positional.length > 0 || !word.startsWith('-') || word === '-'))
    ) {
      positional.push(...(word === '--' ? [] : [word]), ...rest.splice(0))
    } else if (word.startsWith('--')) readLong(spec, word, rest, put)
    else if (word.startsWith('-') && word !== '-') readShort(spec, word, rest, put)
    else positional.push(word)
  }
  checkCount(spec, positional)
  return {
    positional,
    bool: (name) => values.has(name) && values.get(name)?.[0] !== 'false',
    text: (name) => values.get(name)?.[0],
    list: (name) => values.get(name) ?? [],
  }
}

function readLong(
  spec: CommandSpec,
  word: string,
  rest: string[],
  put: (flag: FlagSpec, value: string) => void,
): void {
  const at = word.indexOf('=')
  const name = word.slice(2, at < 0 ? undefined : at)
  const flag = spec.flags.find((candidate) => candidate.long === name)
  if (!flag) throw unknown(spec, `--${name}`)
  if (at >= 0) put(flag, checkBool(spec, flag, word.slice(at + 1)))
  else if (flag.kind === 'bool') put(flag, 'true')
  else put(flag, needValue(spec, `--${name}`, rest))
}

function readShort(
  spec: CommandSpec,
  word: string,
  rest: string[],
  put: (flag: FlagSpec, value: string) => void,
): void {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at] ?? ''
    const flag = spec.flags.find((candidate) => candidate.short === letter)
    if (!flag) throw unknown(spec, `-${letter}`, word)
    const tail = word.slice(at + 1)
    if (flag.kind === 'bool' && !tail.startsWith('=')) {
      put(flag, 'true')
      continue
    }
    const value = tail.replace(/^=/, '')
    put(flag, tail === '' ? needValue(spec, `-${letter}`, rest) : checkBool(spec, flag, value))
    return
  }
}

function checkBool(spec: CommandSpec, flag: FlagSpec, value: string): string {
  if (flag.kind !== 'bool') return value
  if (['true', 't', '1', 'TRUE', 'True'].includes(value)) return 'true'
  if (['false', 'f', '0', 'FALSE', 'False'].includes(value)) return 'false'
  throw usage(
    spec,
    `invalid argument ${JSON.stringify(value)} for --${flag.long}: it is true or false`,
  )
}

function needValue(spec: CommandSpec, flag: string, rest: string[]): string {
  const value = rest.shift()
  if (value === undefined) throw usage(spec, `flag needs an argument: ${flag}`)
  return value
}

function checkCount(spec: CommandSpec, positional: readonly string[]): void {
  const { min, max } = spec.args
  if (positional.length >= min && positional.length <= max) return
  const wanted =
    min === max ? `exactly ${min}` : positional.length < min ? `at least ${min}` : `at most ${max}`
  throw usage(
    spec,
    `"jettison ${spec.name}" requires ${wanted} argument${(positional.length < min ? min : max) === 1 ? '' : 's'}`,
  )
}

function unknown(spec: CommandSpec, flag: string, word?: string): Fault {
  const instead = leftOutFlag(spec.name, flag)
  if (instead)
    return new Fault('USAGE', `jettison ${spec.name} has no ${flag}`, {
      kind: 'invalid',
      hint: instead,
    })
  const long = flag.startsWith('--')
  const names = spec.flags.map((known) => `--${known.long}`)
  const near = long ? closest(flag, names) : null
  return usage(
    spec,
    `unknown ${long ? 'flag' : 'shorthand flag'}: ${flag}${word && word !== flag ? ` in ${word}` : ''}${near ? ` (did you mean ${near}?)` : ''}`,
  )
}

function usage(spec: CommandSpec, message: string): Fault {
  return new Fault('USAGE', message, {
    kind: 'invalid',
    hint: `usage: jettison ${spec.name} ${spec.usage} — see jettison ${spec.name} --help`,
  })
}

/** `--help` text of one command. */
export function helpText(spec: CommandSpec): string {
  const rows = spec.flags.map((flag) => {
    const value = flag.kind === 'bool' ? '' : ` ${flag.value ?? 'string'}`
    return [`${flag.short ? `-${flag.short}, ` : '    '}--${flag.long}${value}`, flag.help] as const
  })
  const width = Math.max(0, ...rows.map(([left]) => left.length))
  const list = rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`).join('\n')
  const aliases = spec.aliases?.length
    ? `\nAliases:\n  ${[spec.name, ...spec.aliases].map((name) => `jettison ${name}`).join(', ')}\n`
    : ''
  return `Usage:  jettison ${spec.name} ${spec.usage}\n\n${spec.summary}\n${aliases}\nOptions:\n${list}\n`
}
