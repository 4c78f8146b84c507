import { managers, type PackageAction, type PackageManager } from './package-managers.ts'
import type { ShellCommand, ShellScript, ShellWord } from './types.ts'
import { unwrapped } from './wrappers.ts'

export type PackageWord = {
  /** `psycopg2`, `requests[socks]`, `libpq-dev`, `@scope/name`; the path or URL when it is one. */
  readonly name: string
  /** As written after the name: `=15.*`, `==2.9`, `^1.2` without the separator where there is one. */
  readonly version: string | null
  readonly word: ShellWord
}

/** A call of a package manager: `sudo apt-get -y install --no-install-recommends gcc="4:*"`. */
export type PackageCommand = {
  readonly manager: PackageManager['manager']
  /** The program as called, without its folder: `apt-get`, `pip3`. */
  readonly tool: string
  readonly action: PackageAction
  /** The subcommand as written; null when there is none. */
  readonly subcommand: ShellWord | null
  readonly packages: readonly PackageWord[]
  /** Files that list packages or constraints: each option with its value (`-r requirements.txt`). */
  readonly lists: readonly { readonly option: string; readonly file: ShellWord }[]
  /** Options, the values of those that take one included, in order. */
  readonly flags: readonly ShellWord[]
  /** Words whose value only the running shell knows; packages may hide in them. */
  readonly dynamic: readonly ShellWord[]
  readonly command: ShellCommand
}

/** Every call of apt, apk, dnf (yum), pip or npm in a script, also through sudo, env, xargs and `python -m pip`. */
export function packageCommands(script: ShellScript): PackageCommand[] {
  return script.commands.flatMap((command) => packageCommand(command) ?? [])
}

function packageCommand(command: ShellCommand): PackageCommand | null {
  const { words, open } = unwrapped(command)
  const [program, ...rest] = words
  const tool = program?.value?.replace(/^.*\//, '')
  if (tool === undefined) return null
  const python = /^python(?:\d+(?:\.\d+)?)?$/.test(tool) ? moduleArguments(rest) : null
  const name = python ? 'pip' : tool
  const manager = managers.find(({ tools }) => tools.test(name))
  if (!manager) return null
  const sorted = sortWords(manager, python ?? rest)
  const [subcommand, ...operands] = sorted.operands
  const action = manager.actions.get(subcommand?.value ?? '') ?? 'other'
  return {
    manager: manager.manager,
    tool: name,
    action,
    subcommand: subcommand ?? null,
    packages: action === 'install' || action === 'remove' ? named(manager, operands) : [],
    lists: sorted.lists,
    flags: sorted.flags,
    dynamic: [...sorted.dynamic, ...open],
    command,
  }
}

/** The arguments of `python … -m pip`, null for another module. */
function moduleArguments(words: readonly ShellWord[]): readonly ShellWord[] | null {
  const at = words.findIndex(({ value }) => value === '-m' || value?.startsWith('-') !== true)
  return words[at]?.value === '-m' && words[at + 1]?.value === 'pip' ? words.slice(at + 2) : null
}

type Sorted = {
  readonly operands: ShellWord[]
  readonly flags: ShellWord[]
  readonly lists: { option: string; file: ShellWord }[]
  readonly dynamic: ShellWord[]
}

function sortWords(manager: PackageManager, words: readonly ShellWord[]): Sorted {
  const sorted: Sorted = { operands: [], flags: [], lists: [], dynamic: [] }
  for (let at = 0; at < words.length; at++) {
    const word = words[at]
    if (!word) break
    if (word.value === null && !word.text.startsWith('-')) sorted.dynamic.push(word)
    else if (!word.text.startsWith('-')) sorted.operands.push(word)
    else at += sortOption(manager, sorted, word, words[at + 1])
  }
  return sorted
}

/** Files an option; returns how many of the following words belong to it. */
function sortOption(
  manager: PackageManager,
  sorted: Sorted,
  word: ShellWord,
  next: ShellWord | undefined,
): number {
  const text = word.value ?? word.text
  sorted.flags.push(word)
  const [option = ''] = text.split('=', 1)
  const joined = [...manager.lists].find((list) => list.length === 2 && text.startsWith(list))
  if (manager.lists.has(option) && option === text && next) {
    sorted.flags.push(next)
    sorted.lists.push({ option, file: next })
    return 1
  }
  if (manager.lists.has(option) || joined !== undefined) {
    const list = joined ?? option
    const value = text.slice(list.length).replace(/^=/, '')
    sorted.lists.push({
      option: list,
      file: { ...word, value: word.value === null ? null : value },
    })
    return 0
  }
  if (manager.carriers.has(option)) {
    const value = word.value === null ? null : text.slice(option.length + 1)
    if (option !== text) sorted.operands.push({ ...word, value })
    return 0
  }
  if (!manager.valued.has(text) || !next) return 0
  sorted.flags.push(next)
  return 1
}

function named(manager: PackageManager, operands: readonly ShellWord[]): PackageWord[] {
  return operands.map((word) => {
    const text = word.value ?? word.text
    const split = manager.split(text)
    return { name: split?.name ?? text, version: split?.version ?? null, word }
  })
}
