import { isSpace } from './whitespace.ts'

/** Splits at white space outside quotes, after substitution; an empty pair of quotes makes no word. */
export function wordCollector(): {
  add(text: string): void
  addQuoted(text: string): void
  all(): readonly string[]
} {
  const words: string[] = []
  let word = ''
  return {
    add(text) {
      for (const unit of text) {
        if (!isSpace(unit)) word += unit
        else if (word !== '') {
          words.push(word)
          word = ''
        }
      }
    },
    addQuoted(text) {
      word += text
    },
    all() {
      if (word !== '') words.push(word)
      word = ''
      return words
    },
  }
}
