// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfile variables look like templates
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expandHeredoc, expandWord, expandWords } from './expand.ts'

const env = new Map([
  ['FOO', 'xxyy'],
  ['BAR', ''],
  ['PATHS', '/a/foo*/c.tar.gz'],
  ['LINES', 'one\ntwo'],
])
const lookup = (name: string): string | undefined => env.get(name)
const backslash = { escape: '\\' }

describe('operators', () => {
  test.each([
    ['${FOO-a} ${BAR-b} ${NO-c}', 'xxyy  c', ['FOO', 'BAR'], ['NO']],
    ['${FOO:-a} ${BAR:-b} ${NO:-c}', 'xxyy b c', ['FOO', 'BAR'], ['NO']],
    ['${FOO+a} ${BAR+b} ${NO+c}', 'a b ', ['FOO', 'BAR'], ['NO']],
    ['${FOO:+a} ${BAR:+b} ${NO:+c}', 'a  ', ['FOO', 'BAR'], ['NO']],
    ['${FOO?a}${FOO:?a}${BAR?b}', 'xxyyxxyy', ['FOO', 'BAR'], []],
    ['${FOO#*x}', 'xyy', ['FOO'], []],
    ['${FOO##*x}', 'yy', ['FOO'], []],
    ['${FOO%y*}', 'xxy', ['FOO'], []],
    ['${FOO%%y*}', 'xx', ['FOO'], []],
    ['${FOO#?}${FOO%?}', 'xyyxxy', ['FOO'], []],
    ['${FOO#nothing}', 'xxyy', ['FOO'], []],
    ['${PATHS/\\//:}', ':a/foo*/c.tar.gz', ['PATHS'], []],
    ['${PATHS//\\//:}', ':a:foo*:c.tar.gz', ['PATHS'], []],
    ['${PATHS/\\*/}', '/a/foo/c.tar.gz', ['PATHS'], []],
    ['${PATHS##*.}', 'gz', ['PATHS'], []],
    ['${PATHS%%.*}', '/a/foo*/c', ['PATHS'], []],
    ['${FOO/$BAR/w}', 'wxxyy', ['FOO', 'BAR'], []],
    ['${FOO//x/$NO-}', '--yy', ['FOO'], ['NO']],
    ['${FOO///}', 'xxyy', ['FOO'], []],
    // A star stops at a line break, as "." does in BuildKit's expressions.
    ['${LINES#*o}', 'ne\ntwo', ['LINES'], []],
    ['${LINES##*o}', 'ne\ntwo', ['LINES'], []],
    ['${NO:-"a b"} ${NO:-\'$FOO\'}', 'a b $FOO', [], ['NO']],
    ['"${NO:-${BAR:-${FOO}}}"', 'xxyy', ['BAR', 'FOO'], ['NO']],
  ])('%s', (word, value, used, unset) => {
    const found = expandWord(word, lookup, backslash)
    expect(found.error).toBeUndefined()
    expect(found.value).toBe(value)
    expect(new Set(found.used)).toEqual(new Set(used))
    expect(found.unset).toEqual(unset)
  })

  test.each([
    ['${NO:?must be given: $FOO}', 'NO: must be given: xxyy'],
    ['${NO?}', 'NO: is not allowed to be unset'],
    ['${BAR:?}', 'BAR: is not allowed to be empty'],
    ['${FOO^^}', 'unsupported modifier (^) in substitution'],
    ['${FOO:=x}', 'unsupported modifier (:=) in substitution'],
    ['${FOO', 'unsupported modifier () in substitution'],
    ['${FOO:-x', "syntax error: missing '}'"],
    ['${FOO/x}', 'syntax error: missing / in substitution'],
    ['${FOO#\\q}', 'invalid pattern (\\q) in substitution'],
    ["it's", 'unexpected end of statement while looking for matching single-quote'],
  ])('%s fails', (word, message) => {
    const { value, error } = expandWord(word, lookup, backslash)
    expect(value).toBe('')
    expect(error).toBe(`failed to process ${JSON.stringify(word)}: ${message}`)
  })
})

test('the escape of the Dockerfile decides what is protected', () => {
  expect(expandWord('c:\\$FOO`$', lookup, { escape: '`' }).value).toBe('c:\\xxyy$')
})

test('words split after substitution, outside quotes only', () => {
  const spaced = (name: string): string | undefined => (name === 'P' ? '80  443' : undefined)
  expect(expandWords('$P "$P" a\\ b ""', spaced, backslash).words).toEqual([
    '80',
    '443',
    '80  443',
    'a b',
  ])
  expect(expandWords('"a', spaced, backslash)).toMatchObject({
    words: [],
    error: /matching double/,
  })
})

test('heredoc bodies keep their quotes', () => {
  const body = `'$FOO' "\${NO:-x}" \\$FOO \\\\ \\"\\\nend\n`
  expect(expandHeredoc(body, lookup).value).toBe(`'xxyy' "x" $FOO \\ "\nend\n`)
})

const hard = fc.stringMatching(/^[ab{}$:'"\\/#%?*+\-<\n ]{0,40}$/)

test('expansion ends and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), hard), hard, (word, value) => {
      for (const options of [{ escape: '\\' }, { escape: '`' }]) {
        const found = expandWord(word, (name) => (name === 'a' ? value : undefined), options)
        if (found.error !== undefined) expect(found.value).toBe('')
        expandWords(word, () => value, options)
      }
      expandHeredoc(word, () => value)
    }),
  )
})

test('nesting without end is an error, not a crash', () => {
  const word = '${a:-'.repeat(100_000)
  expect(expandWord(word, lookup, backslash).error).toMatch(/nested too deeply/)
})

test('a word without special characters is itself', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w.:=@,;|&()\n é-]*$/), (word) => {
      expect(expandWord(word, lookup, backslash).value).toBe(word)
    }),
  )
})

test('a value that doubles with each line is refused before it fills the memory', () => {
  let value = 'x'
  let error: string | undefined
  for (let line = 0; line < 64 && error === undefined; line++) {
    const result = expandWord('$A$A', () => value, { escape: '\\' })
    value = result.value
    error = result.error
  }
  expect(error).toContain('grows beyond')
})
