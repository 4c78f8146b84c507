import { suggestion } from './suggest.ts'
import type { Problem, SyntaxNode } from './syntax.ts'
import type { Token } from './words.ts'

/** `text` takes one value, `texts` may be repeated, `switch` is bare or `=true` or `=false`. */
type FlagType = 'text' | 'texts' | 'switch'

const copyFlags = { chown: 'text', chmod: 'text', link: 'switch', exclude: 'texts' } as const

/** The flags of each instruction; one that is not listed has none. */
type FlagTypes = ReadonlyMap<string, FlagType>

const known: ReadonlyMap<string, FlagTypes> = new Map(
  Object.entries<FlagTypes>({
    add: types({ ...copyFlags, checksum: 'text', 'keep-git-dir': 'switch', unpack: 'switch' }),
    copy: types({ ...copyFlags, from: 'text', parents: 'switch' }),
    from: types({ platform: 'text' }),
    healthcheck: types({
      interval: 'text',
      timeout: 'text',
      'start-period': 'text',
      'start-interval': 'text',
      retries: 'text',
    }),
    run: types({ mount: 'texts', network: 'text', security: 'text', device: 'texts' }),
  }),
)

function types(flags: Readonly<Record<string, FlagType>>): FlagTypes {
  return new Map(Object.entries(flags))
}

/** Name and value of a flag word; the value is null for a bare `--link`. */
export function flagParts(flag: Token): { name: string; value: string | null } {
  const equals = flag.text.indexOf('=')
  if (equals < 0) return { name: flag.text.slice(2), value: null }
  return { name: flag.text.slice(2, equals), value: flag.text.slice(equals + 1) }
}

/** What is wrong with the flags of an instruction, in BuildKit's words. */
export function flagProblems(node: SyntaxNode): Problem[] {
  const allowed = known.get(node.name) ?? new Map<string, FlagType>()
  const seen = new Set<string>()
  return node.flags.flatMap((flag) => {
    const { name, value } = flagParts(flag)
    const type = allowed.get(name)
    const problem =
      type === undefined
        ? unknownFlag(node, flag, [...allowed.keys()])
        : misuse({ flag, type, seen })
    seen.add(name)
    return problem ?? (value === null ? null : badChoice(node, flag)) ?? []
  })
}

function unknownFlag(node: SyntaxNode, flag: Token, names: readonly string[]): Problem {
  const { name } = flagParts(flag)
  const keyword = node.keyword.text.toUpperCase()
  return {
    code: 'UNKNOWN_FLAG',
    message: `unknown flag: --${name}${suggestion(name, names)}`,
    at: flag,
    hint:
      names.length === 0
        ? `${keyword} has no flags.`
        : `${keyword} knows ${names.map((each) => `--${each}`).join(', ')}.`,
  }
}

function misuse(use: { flag: Token; type: FlagType; seen: ReadonlySet<string> }): Problem | null {
  const { flag, type, seen } = use
  const { name, value } = flagParts(flag)
  if (type !== 'texts' && seen.has(name))
    return { code: 'DUPLICATE_FLAG', message: `duplicate flag specified: --${name}`, at: flag }
  if (type !== 'switch' && value === null)
    return {
      code: 'BAD_FLAG_VALUE',
      message: `missing a value on flag: --${name}`,
      at: flag,
      hint: `Write --${name}=value, with no blanks around the equals sign.`,
    }
  if (type === 'switch' && value !== null && !/^(?:true|false)$/i.test(value))
    return {
      code: 'BAD_FLAG_VALUE',
      message: `expecting boolean value for flag --${name}, not: ${value}`,
      at: flag,
      hint: `Write --${name}, --${name}=true or --${name}=false.`,
    }
  return null
}

const choices: ReadonlyMap<string, readonly string[]> = new Map([
  ['network', ['default', 'none', 'host']],
  ['security', ['sandbox', 'insecure']],
])

function badChoice(node: SyntaxNode, flag: Token): Problem | null {
  const { name, value } = flagParts(flag)
  const allowed = node.name === 'run' ? choices.get(name) : undefined
  if (value === null || !allowed || allowed.includes(value)) return null
  return {
    code: 'BAD_FLAG_VALUE',
    message: `${name} mode ${JSON.stringify(value)} is not supported${suggestion(value, allowed)}`,
    at: flag,
    hint: `--${name} is one of ${allowed.join(', ')}.`,
  }
}
