import { type Lookup, lexWord } from './lexer.ts'

export type ExpandOptions = {
  /** The escape character of the Dockerfile; backslash when it does not say otherwise. */
  readonly escape: string
}

/** What a word became. `used` and `unset` name the variables it asked for, each once, in order. */
export type Expansion = {
  readonly value: string
  readonly used: readonly string[]
  readonly unset: readonly string[]
  /** BuildKit's message, when the word cannot be expanded; `value` is empty then. */
  readonly error?: string
}

export type WordsExpansion = Omit<Expansion, 'value'> & { readonly words: readonly string[] }

/**
 * One word with variables replaced and quotes removed, without splitting: BuildKit's ProcessWord. Knows `$x`, `${x}`
 * and `${x…}` with `:-` `-` `:+` `+` `:?` `?` `#` `##` `%` `%%` `/` `//`. `lookup` answers undefined for an unset name.
 */
export function expandWord(word: string, lookup: Lookup, options: ExpandOptions): Expansion {
  const { value, used, unset, error } = lexWord(word, { escape: options.escape, lookup })
  return { value, used, unset, ...(error === undefined ? {} : { error: failed(word, error) }) }
}

/** As expandWord, then split at white space that was not quoted: BuildKit's ProcessWords (EXPOSE, unquoted values). */
export function expandWords(word: string, lookup: Lookup, options: ExpandOptions): WordsExpansion {
  const { words, used, unset, error } = lexWord(word, { escape: options.escape, lookup })
  return { words, used, unset, ...(error === undefined ? {} : { error: failed(word, error) }) }
}

/**
 * The body of an unquoted heredoc of COPY or ADD: variables replaced, quotes kept, and backslash (whatever the
 * `# escape` of the file) dropped before the character it protects, a line break included.
 */
export function expandHeredoc(content: string, lookup: Lookup): Expansion {
  const { value, used, unset, error } = lexWord(content, {
    escape: '\\',
    lookup,
    literalQuotes: true,
  })
  return { value, used, unset, ...(error === undefined ? {} : { error: failed(content, error) }) }
}

function failed(word: string, message: string): string {
  return `failed to process ${JSON.stringify(word)}: ${message}`
}
