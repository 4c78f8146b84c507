import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { positionAt } from '../../src/base/index.ts'
import { readDirectives } from '../../src/dockerfile/directives.ts'
import { flagParts } from '../../src/dockerfile/flags.ts'
import { parseDockerfile, printDockerfile } from '../../src/dockerfile/index.ts'
import { readNodes } from '../../src/dockerfile/parse.ts'
import type { SyntaxNode } from '../../src/dockerfile/syntax.ts'

// BuildKit's own test files: the parse of each Dockerfile as one S-expression a line.
const root = join(import.meta.dirname, '../../../shared/conformance/buildkit-parser')
const present = existsSync(root)
const cases = (folder: string): string[] => (present ? readdirSync(join(root, folder)) : [])
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8')

function nodesOf(text: string): SyntaxNode[] {
  const { end, escape: escapeUnit } = readDirectives(text)
  return [...readNodes(text, end, escapeUnit)].map(({ node }) => node)
}

/** Go's strconv.Quote: printable characters stay, the rest is escaped. */
function quote(text: string): string {
  const named: Record<string, string> = {
    '\\': '\\\\',
    '"': '\\"',
    '\x07': '\\a',
    '\b': '\\b',
    '\f': '\\f',
    '\n': '\\n',
    '\r': '\\r',
    '\t': '\\t',
    '\v': '\\v',
  }
  const out = Array.from(text, (rune) => {
    const code = rune.codePointAt(0) ?? 0
    if (named[rune] !== undefined) return named[rune]
    return code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, '0')}` : rune
  })
  return `"${out.join('')}"`
}

function sExpression(node: SyntaxNode): string {
  const flags = node.flags.map((flag) => {
    const { name, value } = flagParts(flag)
    return quote(`--${name}${value === null ? '' : `=${value}`}`)
  })
  const head = flags.length > 0 ? `${node.name} [${flags.join(' ')}]` : node.name
  if (node.nested) return `(${head} ${sExpression(node.nested)})`
  const args = [
    ...node.pairs.flatMap(({ key, value }) => [key, value, node.legacy ? '' : '=']),
    ...node.args.map((arg) => arg.text),
  ]
  return `(${[head, ...args.map(quote)].join(' ')})`
}

describe.skipIf(!present)(
  'BuildKit parser files (skipped: ../shared/conformance is absent)',
  () => {
    test('are all there', () => {
      expect(cases('testfiles').length).toBe(33)
      expect(cases('testfiles-negative').length).toBe(4)
    })

    test.each(cases('testfiles'))('%s', (name) => {
      const text = read('testfiles', name, 'Dockerfile')
      expect(`${nodesOf(text).map(sExpression).join('\n')}\n`).toBe(
        read('testfiles', name, 'result'),
      )
      expect(printDockerfile(parseDockerfile(text).value)).toBe(text)
    })

    test.each(cases('testfiles-negative'))('%s is refused', (name) => {
      const { diagnostics } = parseDockerfile(read('testfiles-negative', name, 'Dockerfile'))
      expect(diagnostics.filter(({ severity }) => severity === 'error')).not.toEqual([])
    })

    test('lines of instructions', () => {
      const text = read('testfile-line', 'Dockerfile')
      const { instructions } = parseDockerfile(text).value
      const lines = instructions.map(({ range }) => [
        positionAt(text, range.start).line,
        positionAt(text, range.end).line,
      ])
      // The three pairs of parser_test.go's TestParseIncludesLineNumbers.
      expect(lines).toEqual([
        [5, 5],
        [11, 12],
        [17, 31],
      ])
    })
  },
)
