import type { Range } from '../../base/index.ts'
import type { Dockerfile, Edit, Flag, RunInstruction } from '../../dockerfile/index.ts'
import type { RunCommand } from '../facts/index.ts'

/**
 * Edits that take commands out of a RUN together with what joins them to their neighbours; a command after `||` goes
 * with the one before it. @returns undefined when one of them cannot be taken out alone
 */
export function withoutCommands(
  commands: readonly RunCommand[],
  leaves: (command: RunCommand) => boolean,
): readonly Edit[] | undefined {
  const edits: Edit[] = []
  for (let first = 0; first < commands.length; first++) {
    const start = commands[first]
    if (!start || !leaves(start)) continue
    let last = first
    while (goesAlong(commands[last + 1], leaves)) last += 1
    const range = span(commands, first, last)
    if (!range) return undefined
    edits.push({ range, text: '' })
    first = last
  }
  return edits
}

/** True when nothing of the RUN would be left. */
export function leavesNothing(
  commands: readonly RunCommand[],
  leaves: (command: RunCommand) => boolean,
): boolean {
  return commands.every((command) => leaves(command) || command.joiner === '||')
}

/**
 * The edit that puts `--mount` flags in front of everything else that a RUN says, each on a line of its own; on the
 * same line before a heredoc.
 * @param first offset of the first flag or command that is there already
 */
export function mountEdit(
  dockerfile: Dockerfile,
  run: RunInstruction,
  mounts: readonly string[],
  eol: string,
): readonly Edit[] {
  if (mounts.length === 0) return []
  const { text, escape: mark } = dockerfile
  const after = run.range.start + run.keyword.length
  const start = firstWord(text, after, mark)
  const gap = text.slice(after, start)
  const joined = mounts.join(` ${mark}${eol}    `)
  if (run.heredocs.length > 0)
    return [{ range: { start: after, end: after }, text: ` ${mounts.join(' ')}` }]
  if (gap.includes('#')) return [{ range: { start: after, end: after }, text: ` ${joined}` }]
  return [{ range: { start: after, end: start }, text: ` ${joined} ${mark}${eol}    ` }]
}

/** Edits that take flags off a RUN, with the white space and line breaks after them. */
export function withoutFlags(
  { text, escape: mark }: Dockerfile,
  run: RunInstruction,
  leaves: (flag: Flag) => boolean,
): readonly Edit[] {
  return run.flags.filter(leaves).map((flag) => ({
    range: { start: flag.range.start, end: firstWord(text, flag.range.end, mark) },
    text: '',
  }))
}

/** The part of the text that a range covers, with edits inside it made by `apply`. */
export function editedSlice(
  text: string,
  range: Range,
  edits: readonly Edit[],
  apply: (text: string, edits: readonly Edit[]) => string,
): string {
  return apply(
    text.slice(range.start, range.end),
    edits.map((edit) => ({
      text: edit.text,
      range: { start: edit.range.start - range.start, end: edit.range.end - range.start },
    })),
  )
}

function goesAlong(
  next: RunCommand | undefined,
  leaves: (command: RunCommand) => boolean,
): boolean {
  return next !== undefined && (next.joiner === '||' || leaves(next))
}

function span(commands: readonly RunCommand[], first: number, last: number): Range | undefined {
  const gone = commands.slice(first, last + 1)
  if (gone.some((one) => !one.plain && one.joiner !== '||')) return undefined
  const before = commands[first - 1]
  const after = commands[last + 1]
  const [start, end] = [commands[first], commands[last]]
  if (!start || !end) return undefined
  if (after) return after.plain ? { start: start.range.start, end: after.range.start } : undefined
  if (before && !before.plain && before.joiner !== '||') return undefined
  return { start: before?.range.end ?? start.range.start, end: end.range.end }
}

/** The first offset that is neither white space nor a continued line break. */
function firstWord(text: string, from: number, mark: string): number {
  let at = from
  for (;;) {
    const rest = /^(?:[ \t]+|\r?\n)/.exec(text.slice(at, at + 200))
    if (rest) {
      at += rest[0].length
      continue
    }
    const broken = text[at] === mark ? /^.[ \t]*\r?\n/s.exec(text.slice(at, at + 200)) : null
    if (!broken) return at
    at += broken[0].length
  }
}
