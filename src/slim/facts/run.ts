import { type Dockerfile, type RunInstruction, runBody } from '../../dockerfile/index.ts'
import { parseShell, type ShellCommand, type ShellWord } from '../../shell/index.ts'
import { resolveDir } from './surroundings.ts'
import { systemCommand } from './system-command.ts'
import type { RunCommand, RunFacts, RunWord } from './types.ts'

/** Text of a file of the image or the context, by absolute path. */
export type ScriptReader = (path: string) => string | undefined

type RunScope = {
  readonly env: ReadonlyMap<string, string>
  readonly workdir: string
  readonly readScript: ScriptReader
}

/**
 * The commands of a RUN with ranges in the Dockerfile. The exec form is one command that cannot be edited. A script that
 * the shell parser does not understand has none: `commands` is null then.
 */
export function runFacts(
  dockerfile: Dockerfile,
  instruction: RunInstruction,
  scope: RunScope,
): RunFacts {
  const { command } = instruction
  if (command.form === 'exec')
    return { instruction, commands: [execCommand(command.argv, instruction, scope)] }
  const body = runBody(dockerfile, instruction)
  return {
    instruction,
    commands: body && commandsOf(body.text, body.offset, scope, mostScripts),
  }
}

/** How deep scripts that call scripts are followed. */
const mostScripts = 3

function commandsOf(
  text: string,
  offset: number,
  scope: RunScope,
  depth: number,
): readonly RunCommand[] | null {
  const script = parseShell(text)
  if (script.diagnostics.length > 0) return null
  const outer = script.commands.filter(
    ({ within }) => !within.includes('substitution') && !within.includes('script'),
  )
  const known = new Map(scope.env)
  const commands: RunCommand[] = []
  let directory: string | null = null
  for (const [index, command] of outer.entries()) {
    const one = runCommand(command, outer[index + 1], offset, directory, known)
    const inner = innerCommands(one, scope, depth)
    commands.push(inner.length === 0 ? one : { ...one, inner })
    if (one.plain && one.name === 'cd') directory = one.words[1]?.value ?? directory
    if (command.words.length === 0 || one.name === 'export')
      for (const { name, value } of command.assignments) if (value !== null) known.set(name, value)
  }
  return commands
}

function execCommand(
  argv: readonly string[],
  { range }: RunInstruction,
  scope: RunScope,
): RunCommand {
  const words = argv.map((text) => ({ text, value: text, range }))
  const one: RunCommand = {
    name: (argv[0] ?? '').replace(/^.*\//, ''),
    ...{ words, range, joiner: 'start', plain: false, directory: null, inner: [] },
    system: systemCommand(words, scope.env),
  }
  const [, option = '', text = ''] = argv
  const inner =
    /^(?:ba|da)?sh$/.test(one.name) && /^-\w*c$/.test(option)
      ? (commandsOf(text, 0, scope, mostScripts - 1) ?? [])
      : innerCommands(one, scope, mostScripts)
  return { ...one, inner }
}

/** Scripts that build systems write: long, and known by their names. */
const generated = /(?:^|\/)(?:configure|config\.status|libtool|gradlew|mvnw|autogen\.sh|b2)$/

/** `sh install.sh`, `./install.sh`, `/opt/install.sh`, `. ./install.sh`. */
function innerCommands(
  { name, words, directory }: RunCommand,
  scope: RunScope,
  depth: number,
): readonly RunCommand[] {
  const isShell = /^(?:(?:ba|da)?sh|\.|source)$/.test(name)
  const word = isShell
    ? words.slice(1).find((one) => !one.text.startsWith('-'))
    : words[0]?.value?.includes('/')
      ? words[0]
      : undefined
  if (depth === 0 || !word?.value || generated.test(word.value)) return []
  const text = scope.readScript(resolveDir(resolveDir(scope.workdir, directory ?? ''), word.value))
  const isScript = text !== undefined && (isShell || /^#!\s*\S*\b(?:ba|da)?sh\b/.test(text))
  return isScript ? (commandsOf(text, 0, scope, depth - 1) ?? []) : []
}

function runCommand(
  command: ShellCommand,
  next: ShellCommand | undefined,
  offset: number,
  directory: string | null,
  env: ReadonlyMap<string, string>,
): RunCommand {
  const words = command.words.map((word) => moved(word, offset))
  return {
    name: (command.name ?? '').replace(/^.*\//, ''),
    words,
    range: { start: command.range.start + offset, end: command.range.end + offset },
    joiner: joinerOf(command),
    plain: isPlain(command, next),
    directory,
    system: systemCommand(words, env),
    inner: [],
  }
}

function moved({ text, value, range }: ShellWord, offset: number): RunWord {
  return { text, value, range: { start: range.start + offset, end: range.end + offset } }
}

function joinerOf({ operator }: ShellCommand): RunCommand['joiner'] {
  if (operator === '|&') return '|'
  return operator === '&' ? ';' : operator
}

function isPlain(command: ShellCommand, next: ShellCommand | undefined): boolean {
  const { operator, within, exact, negated } = command
  const joined = operator === 'start' || operator === '&&' || operator === ';'
  const feeds = next !== undefined && /^[|]&?$|^&$/.test(next.operator)
  return joined && within.length === 0 && exact && !negated && !feeds
}
