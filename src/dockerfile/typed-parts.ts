import { flagParts } from './flags.ts'
import { fileRange, type Problem, type SyntaxNode } from './syntax.ts'
import type { CommandForm, Flag, KeyValue, Word } from './types.ts'
import type { Token } from './words.ts'

// What instructions are made of: words, flags, pairs and commands with their places in the file, and what is missing.

export function commandOf(node: SyntaxNode, args: readonly Token[]): CommandForm {
  if (node.json) return { form: 'exec', argv: args.map((word) => word.text) }
  return { form: 'shell', text: args[0]?.text ?? '' }
}

export function wordOf(node: SyntaxNode, token: Token): Word {
  return { text: token.text, range: fileRange(node, token) }
}

export function wordsOf(node: SyntaxNode, tokens: readonly Token[]): Word[] {
  return tokens.map((token) => wordOf(node, token))
}

export function flagOf(node: SyntaxNode, token: Token): Flag {
  const { name, value } = flagParts(token)
  return { name, value, range: fileRange(node, token) }
}

export function pairFields(node: SyntaxNode): { pairs: KeyValue[]; legacy: boolean } {
  const pairs = node.pairs.map(({ key, value, word }) => ({
    key,
    value,
    range: fileRange(node, word),
  }))
  return { pairs, legacy: node.legacy }
}

export function pairsOf(node: SyntaxNode): Problem | null {
  if (node.pairs.length === 0)
    return missing(node, `${node.name.toUpperCase()} requires at least one argument`)
  const blank = node.pairs.find((pair) => pair.key === '')
  return blank ? blankName(node, blank.word) : null
}

export function blankName(node: SyntaxNode, at: Token): Problem {
  const keyword = node.name.toUpperCase()
  return { code: 'BAD_KEY_VALUE', message: `${keyword} names can not be blank`, at }
}

export function atLeastOne(node: SyntaxNode): Problem | null {
  if (node.args.length > 0) return null
  return missing(node, `${node.name.toUpperCase()} requires at least one argument`)
}

export function missing(node: SyntaxNode, message: string): Problem {
  return { code: 'MISSING_ARGUMENT', message, at: node.keyword }
}
