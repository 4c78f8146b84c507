import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { positionAt } from '../../../src/base/index.ts'
import { readDirectives } from '../../../src/dockerfile/directives.ts'
import { flagParts } from '../../../src/dockerfile/flags.ts'
import { parseDockerfile, printDockerfile } from '../../../src/dockerfile/index.ts'
import { readNodes } from '../../../src/dockerfile/parse.ts'
import type { SyntaxNode } from '../../../src/dockerfile/syntax.ts'
import type { TableCheck } from './types.ts'

// BuildKit's own test files: the parse of each Dockerfile as one S-expression a line.
const root = join(process.cwd(), '../shared/conformance/buildkit-parser')
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8')

/** The 33 files with results, the 4 that are refused, and the one with line numbers; none when the data is absent. */
export function parserChecks(): readonly TableCheck[] {
  if (!existsSync(root)) return []
  return [
    ...readdirSync(join(root, 'testfiles')).map((name) => ({ name, check: () => matches(name) })),
    ...readdirSync(join(root, 'testfiles-negative')).map((name) => ({
      name: `${name} is refused`,
      check: () => refuses(name),
    })),
    { name: 'lines of instructions', check: lines },
  ]
}

function matches(name: string): string | null {
  const text = read('testfiles', name, 'Dockerfile')
  const expected = read('testfiles', name, 'result')
  const { end, escape: escapeUnit } = readDirectives(text)
  const nodes = [...readNodes(text, end, escapeUnit)].map(({ node }) => sExpression(node))
  const found = `${nodes.join('\n')}\n`
  if (found !== expected) return `parsed as\n${found}and not as\n${expected}`
  return printDockerfile(parseDockerfile(text).value) === text ? null : 'is not printed as it was'
}

function refuses(name: string): string | null {
  const { diagnostics } = parseDockerfile(read('testfiles-negative', name, 'Dockerfile'))
  return diagnostics.some(({ severity }) => severity === 'error') ? null : 'is accepted'
}

/** The three pairs of parser_test.go's TestParseIncludesLineNumbers. */
function lines(): string | null {
  const text = read('testfile-line', 'Dockerfile')
  const found = parseDockerfile(text).value.instructions.map(({ range }) =>
    [range.start, range.end].map((at) => positionAt(text, at).line).join('-'),
  )
  return found.join(' ') === '5-5 11-12 17-31' ? null : `the lines are ${found.join(' ')}`
}

const named: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['"', '\\"'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
])

/** Go's strconv.Quote: printable characters stay, the rest is escaped. */
function quote(text: string): string {
  const out = Array.from(text, (rune) => {
    const code = rune.codePointAt(0) ?? 0
    const hex = code < 0x20 || code === 0x7f ? `\\x${code.toString(16).padStart(2, '0')}` : rune
    return named.get(rune) ?? hex
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
