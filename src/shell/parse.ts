import { parse } from 'unbash'
import type { Diagnostic } from '../base/index.ts'
import type { ShellCommand, ShellScript } from './types.ts'
import { syntaxProblem, visitScript } from './visit.ts'
import type { Place } from './word.ts'

/**
 * The simple commands of a shell script, as bash reads it (sh scripts are bash scripts). Never throws: what cannot be
 * parsed is a diagnostic of severity `warning`, since the text may be for another shell, and the commands that were
 * understood are still there.
 *
 * `joined` says that the lines were joined before the shell saw the text and that a backslash and line break are only
 * filler, as in the body of a RUN (`parseShell(body.text, body)`).
 */
export function parseShell(text: string, options: { readonly joined?: boolean } = {}): ShellScript {
  const commands: ShellCommand[] = []
  const diagnostics: Diagnostic[] = []
  // An unfinished text may give the parser a node that ends after it.
  const inside = (offset: number): number => Math.min(offset, text.length)
  const place: Place = ({ pos, end }) => ({ start: inside(pos), end: inside(end) })
  try {
    const joined = options.joined === true
    visitScript(parse(text), {
      text,
      place,
      joined,
      exact: true,
      within: [],
      commands,
      diagnostics,
    })
  } catch (error) {
    // The parser promises not to throw; a script that breaks the promise is one we did not understand.
    const message = error instanceof Error ? error.message : String(error)
    diagnostics.push(syntaxProblem(message, { start: 0, end: text.length }))
  }
  return { text, commands, diagnostics }
}
