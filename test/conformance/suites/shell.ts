import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expandWord, expandWords } from '../../../src/dockerfile/index.ts'
import type { TableCheck } from './types.ts'

// BuildKit's own tables of its shell lexer: `platform | word | expected` and `text | word,word`.
const root = join(process.cwd(), '../shared/conformance/buildkit-shell')
const lines = (name: string): string[] => readFileSync(join(root, name), 'utf8').split('\n')
const backslash = { escape: '\\' }

/** The rows for Linux: 228 of single words, 24 of splitting; none when the data is absent. */
export function shellChecks(): readonly TableCheck[] {
  return existsSync(root) ? [...wordChecks(), ...splitChecks()] : []
}

function wordChecks(): TableCheck[] {
  const given = new Map(Object.entries({ PWD: '/home', SHELL: 'bash', KOREAN: '한국어', NULL: '' }))
  return lines('envVarTest')
    .filter((line) => !line.startsWith('#') && line.trim() !== '')
    .map((line) =>
      line
        .trim()
        .split('|')
        .map((field) => field.trim()),
    )
    .filter(([platform]) => platform === 'A' || platform === 'U')
    .map(([, word = '', expected = '']) => ({
      name: word,
      check: () => {
        const { value, error } = expandWord(word, (name) => given.get(name), backslash)
        const found = error === undefined ? value : 'error'
        return found === expected
          ? null
          : `is ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`
      },
    }))
}

function splitChecks(): TableCheck[] {
  const checks: TableCheck[] = []
  let env = new Map<string, string>()
  for (const line of lines('wordsTest')) {
    if (line.startsWith('#') || line === '') continue
    const set = /^ENV +(\w+)=(.*)$/s.exec(line)
    if (set) {
      env = new Map(env).set(set[1] ?? '', set[2] ?? '')
      continue
    }
    const given = env
    const [text = '', expected = ''] = line.split('|')
    checks.push({
      name: text,
      check: () => {
        const result = expandWords(text.trim(), (name) => given.get(name), backslash)
        const found = (result.error === undefined ? result.words : ['error']).join(',')
        const wanted = expected.replace(/^ +/, '')
        return found === wanted
          ? null
          : `is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`
      },
    })
  }
  return checks
}
