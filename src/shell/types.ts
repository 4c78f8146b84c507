import type { Diagnostic, Range } from '../base/index.ts'

/** A word as written and what the shell makes of it. */
export type ShellWord = {
  readonly text: string
  /** Quotes and escapes removed; null when only the running shell knows (variables, substitutions, braces). */
  readonly value: string | null
  /** Unquoted `*`, `?` or `[…]` in it: `value` is the pattern, which stays as it is when nothing matches. */
  readonly glob: boolean
  readonly range: Range
}

/** `NAME=value` before a command or alone. The value is null when it is not a plain literal. */
export type ShellAssignment = {
  readonly name: string
  readonly value: string | null
  readonly range: Range
}

export type ShellRedirect = {
  /** `>`, `>>`, `<`, `2>&1`'s `>&`, `<<`, `<<<` … without the descriptor. */
  readonly operator: string
  /** The file, the descriptor or the here-string; null for a heredoc. */
  readonly target: ShellWord | null
  /** The body of a heredoc as written. */
  readonly heredoc: string | null
  readonly range: Range
}

/** What stands between a command and the one before it; a line break counts as `;`. */
export type ShellOperator = 'start' | '&&' | '||' | '|' | '|&' | ';' | '&'

/** What a command is inside of: `condition` is the test of an if or a loop, `script` the text of `sh -c '…'`. */
export type ShellContext =
  | 'subshell'
  | 'group'
  | 'loop'
  | 'condition'
  | 'branch'
  | 'case'
  | 'function'
  | 'coprocess'
  | 'substitution'
  | 'script'

/** A simple command. Ranges are UTF-16 offsets in the text that was parsed. */
export type ShellCommand = {
  /** The value of the first word: `apt-get`. Null for bare assignments and names only the shell knows. */
  readonly name: string | null
  /** All words, the name included. */
  readonly words: readonly ShellWord[]
  /** Before this command, or before the compound command that it is the first of. */
  readonly operator: ShellOperator
  readonly operatorRange: Range | null
  readonly negated: boolean
  /** Outermost first; empty at the top of the script. */
  readonly within: readonly ShellContext[]
  readonly assignments: readonly ShellAssignment[]
  readonly redirects: readonly ShellRedirect[]
  readonly range: Range
  /**
   * False when the text was decoded before it was parsed (backticks with escapes, `sh -c "…\"…"`): every range is then
   * that of the whole substitution or word, and must not be edited.
   */
  readonly exact: boolean
}

/** The simple commands of a script in source order; those in the words of a command come right after it. */
export type ShellScript = {
  readonly text: string
  readonly commands: readonly ShellCommand[]
  readonly diagnostics: readonly Diagnostic[]
}
