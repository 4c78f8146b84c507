import type { Command, Word } from 'unbash'
import { wordOf } from './word.ts'

/**
 * The script in `sh -c 'script'`, when it is a plain literal. `at` is where its first character stands in the outer
 * text, null when quoting changed its length on the way.
 */
export function innerScript(
  node: Command,
): { word: Word; script: string; at: number | null } | null {
  if (!/(?:^|\/)(?:ba|da|a|z|k)?sh$/.test(node.name?.value ?? '')) return null
  const { args } = node
  const option = args.findIndex((arg) => /^-[a-z]*c[a-z]*$/.test(arg.text))
  const word = args[option + 1]
  if (option < 0 || word?.type !== 'Word') return null
  if (!args.slice(0, option).every((arg) => /^[-+]/.test(arg.text))) return null
  // As written, filler included: the inner shell reads it as continuations, and offsets stay true.
  const { value } = wordOf(word, { place: ({ pos, end }) => ({ start: pos, end }), joined: false })
  if (value === null) return null
  const quote = word.text[0] === "'" || word.text[0] === '"' ? 1 : 0
  const unchanged = word.text.slice(quote, quote + value.length) === value
  return { word, script: value, at: unchanged ? word.pos + quote : null }
}
