import type { RunCommand, RunWord } from '../../facts/index.ts'
import { pipOptions, pipShort } from './pip-options.ts'

/** One argument of `pip install` (an option with its value, or a requirement) and where it goes. */
export type PipArgument = {
  readonly words: readonly RunWord[]
  /** Long name of the option, null for a requirement. */
  readonly option: string | null
  /** Value of the option or the requirement, null when there is none or the shell expands it. */
  readonly value: string | null
  /** Text of the first word in `pip wheel` and in the runtime's `pip install`; null leaves the argument out. */
  readonly build: string | null
  readonly install: string | null
}

/** A `pip install`, by whatever name it is called. */
export type PipInstall = {
  readonly command: RunCommand
  /** The word `install`. */
  readonly verb: RunWord
  /** Everything besides `pip` and the verb, in order. */
  readonly arguments: readonly PipArgument[]
  /** Options that this version of jettison does not know. */
  readonly unknown: readonly string[]
}

export type PipCommand =
  | { readonly kind: 'install'; readonly install: PipInstall }
  /** `pip cache purge`, `pip check`, `pip list`: leaves nothing behind that the runtime needs. */
  | { readonly kind: 'harmless' }
  | { readonly kind: 'other'; readonly verb: string }

const harmless: ReadonlySet<string> = new Set([
  'cache',
  'check',
  'debug',
  'freeze',
  'help',
  'inspect',
  'list',
  'show',
  '--version',
  '-V',
])

/** Recognises `pip`, `pip3.11`, `/opt/venv/bin/pip` and `python -m pip`. @returns null for any other command */
export function pipCommand(command: RunCommand): PipCommand | null {
  const start = argumentsStart(command.words)
  if (start === null) return null
  const rest = command.words.slice(start)
  const at = rest.findIndex((word) => !word.text.startsWith('-'))
  const verb = rest[at]
  if (!verb)
    return harmless.has(rest[0]?.text ?? '') ? { kind: 'harmless' } : { kind: 'other', verb: '' }
  if (verb.text !== 'install')
    return harmless.has(verb.text) ? { kind: 'harmless' } : { kind: 'other', verb: verb.text }
  const parsed = [...parse(rest.slice(0, at)), ...parse(rest.slice(at + 1))]
  return {
    kind: 'install',
    install: {
      command,
      verb,
      arguments: parsed.flatMap((one) => (typeof one === 'string' ? [] : [one])),
      unknown: parsed.flatMap((one) => (typeof one === 'string' ? [one] : [])),
    },
  }
}

/** Values of an option, each time it is given; null where the shell expands it. */
export function valuesOf(install: PipInstall, option: string): readonly PipArgument[] {
  return install.arguments.filter((one) => one.option === option)
}

/** Arguments that are requirements themselves. */
export function inlineRequirements(install: PipInstall): readonly PipArgument[] {
  return install.arguments.filter((one) => one.option === null)
}

function argumentsStart(words: readonly RunWord[]): number | null {
  const program = (words[0]?.value ?? '').replace(/^.*\//, '')
  if (/^pip(?:\d+(?:\.\d+)?)?$/.test(program)) return 1
  if (!/^python(?:\d+(?:\.\d+)?)?$/.test(program)) return null
  const module = words.findIndex((word) => word.text === '-m')
  return module !== -1 && words[module + 1]?.text === 'pip' ? module + 2 : null
}

/** Arguments, with the text of every option that is not known in between. */
function parse(words: readonly RunWord[]): (PipArgument | string)[] {
  const found: (PipArgument | string)[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at]
    if (!word) continue
    const next = words[at + 1]
    const one = word.text.startsWith('--')
      ? longOption(word, next)
      : word.text.startsWith('-') && word.text !== '-'
        ? shortOptions(word, next)
        : requirement(word)
    found.push(one)
    if (typeof one !== 'string') at += one.words.length - 1
  }
  return found
}

function requirement(word: RunWord): PipArgument {
  const { text, value } = word
  return { words: [word], option: null, value, build: text, install: text }
}

function longOption(word: RunWord, next: RunWord | undefined): PipArgument | string {
  const [name = '', ...attached] = word.text.split('=')
  const known = pipOptions[name]
  if (!known) return name
  const taken = known.takesValue && attached.length === 0 && next ? [word, next] : [word]
  const value =
    taken.length === 2
      ? (next?.value ?? null)
      : attached.length === 0 || word.value === null
        ? null
        : word.value.slice(name.length + 1)
  return placed(taken, name, value, word.text, known.place)
}

/** `-r file`, `-rfile`, `-U`, and clusters such as `-qU` or `-Ur file`. */
function shortOptions(word: RunWord, next: RunWord | undefined): PipArgument | string {
  let build = ''
  let install = ''
  for (let at = 1; at < word.text.length; at++) {
    const letter = word.text[at] ?? ''
    const name = pipShort[`-${letter}`]
    const known = name === undefined ? undefined : pipOptions[name]
    if (!known || name === undefined) return word.text
    const attached = known.takesValue ? word.text.slice(at + 1) : ''
    if (known.place !== 'install' && known.place !== 'drop') build += letter + attached
    if (known.place !== 'build' && known.place !== 'drop') install += letter + attached
    const text = (letters: string): string | null => (letters === '' ? null : `-${letters}`)
    if (!known.takesValue) {
      if (at < word.text.length - 1) continue
      return {
        words: [word],
        option: name,
        value: null,
        build: text(build),
        install: text(install),
      }
    }
    if (at > 1 && known.place !== 'both') return word.text
    const taken = attached === '' && next ? [word, next] : [word]
    const value = taken.length === 2 ? (next?.value ?? null) : attached
    return { words: taken, option: name, value, build: text(build), install: text(install) }
  }
  return word.text
}

function placed(
  words: readonly RunWord[],
  option: string,
  value: string | null,
  text: string,
  place: 'build' | 'install' | 'both' | 'drop',
): PipArgument {
  return {
    words,
    option,
    value,
    build: place === 'build' || place === 'both' ? text : null,
    install: place === 'install' || place === 'both' ? text : null,
  }
}
