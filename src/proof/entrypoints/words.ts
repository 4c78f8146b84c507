import { parseShell } from '../../shell/index.ts'

/** Words of a command line without shell operators and expansions, undefined when a shell has to read it. */
export function wordsOf(line: string): readonly string[] | undefined {
  const { commands, diagnostics } = parseShell(line)
  const [only] = commands
  if (!only || commands.length > 1 || diagnostics.length > 0) return undefined
  if (only.assignments.length > 0 || only.redirects.length > 0) return undefined
  const words = only.words.map(({ value }) => value)
  return words.every((word): word is string => word !== null) ? words : undefined
}
