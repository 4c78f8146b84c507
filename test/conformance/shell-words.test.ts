import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { expandWord, expandWords } from '../../src/dockerfile/index.ts'

// BuildKit's own tables of its shell lexer: `platform | word | expected` and `text | word,word`.
const root = join(import.meta.dirname, '../../../shared/conformance/buildkit-shell')
const present = existsSync(root)
const lines = (name: string): string[] =>
  present ? readFileSync(join(root, name), 'utf8').split('\n') : []
const backslash = { escape: '\\' }

const words = lines('envVarTest')
  .filter((line) => !line.startsWith('#') && line.trim() !== '')
  .map((line) =>
    line
      .trim()
      .split('|')
      .map((field) => field.trim()),
  )
  .filter(([platform]) => platform === 'A' || platform === 'U')

const splits: { text: string; expected: string[]; env: Map<string, string> }[] = []
let env = new Map<string, string>()
for (const line of lines('wordsTest')) {
  if (line.startsWith('#') || line === '') continue
  const set = /^ENV +(\w+)=(.*)$/s.exec(line)
  if (set) {
    env = new Map(env).set(set[1] ?? '', set[2] ?? '')
    continue
  }
  const [text = '', expected = ''] = line.split('|')
  splits.push({ text: text.trim(), expected: expected.replace(/^ +/, '').split(','), env })
}

describe.skipIf(!present)(
  'BuildKit shell tables (skipped: ../shared/conformance is absent)',
  () => {
    test('are all there', () => {
      expect(words.length).toBe(228)
      expect(splits.length).toBe(24)
    })

    test.each(words)('%s| %s | %s', (_platform, word = '', expected = '') => {
      const given = new Map(
        Object.entries({ PWD: '/home', SHELL: 'bash', KOREAN: '한국어', NULL: '' }),
      )
      const { value, error } = expandWord(word, (name) => given.get(name), backslash)
      expect(error === undefined ? value : 'error').toBe(expected)
    })

    test.each(splits)('$text', ({ text, expected, env: given }) => {
      const result = expandWords(text, (name) => given.get(name), backslash)
      expect(result.error === undefined ? result.words : ['error']).toEqual(expected)
    })
  },
)
