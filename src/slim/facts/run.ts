import { type Dockerfile, type RunInstruction, runBody } from '../../dockerfile/index.ts'
import { parseShell, type ShellCommand, type ShellWord } from '../../shell/index.ts'
import { systemCommand } from './system-command.ts'
import type { RunCommand, RunFacts, RunWord } from './types.ts'

/**
 * The commands of a RUN with ranges in the Dockerfile. The exec form has none, and neither has a script that the shell
 * parser does not understand: `commands` is null then.
 */
export function runFacts(
  dockerfile: Dockerfile,
  instruction: RunInstruction,
  env: ReadonlyMap<string, string>,
): RunFacts {
  const body = runBody(dockerfile, instruction)
  if (!body) return { instruction, commands: null }
  const script = parseShell(body.text)
  if (script.diagnostics.length > 0) return { instruction, commands: null }
  const outer = script.commands.filter(
    ({ within }) => !within.includes('substitution') && !within.includes('script'),
  )
  const known = new Map(env)
  const commands: RunCommand[] = []
  let directory: string | null = null
  for (const [index, command] of outer.entries()) {
    const one = runCommand(command, outer[index + 1], body.offset, directory, known)
    commands.push(one)
    if (one.plain && one.name === 'cd') directory = one.words[1]?.value ?? directory
    if (command.words.length === 0 || one.name === 'export')
      for (const { name, value } of command.assignments) if (value !== null) known.set(name, value)
  }
  return { instruction, commands }
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
