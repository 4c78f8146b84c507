import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packageCommands } from './packages.ts'
import { parseShell } from './parse.ts'

const piece = fc.constantFrom(
  ...[
    'a',
    'b',
    ' ',
    '\n',
    '\t',
    '\\',
    "'",
    '"',
    '`',
    '$(',
    ')',
    '(',
    '{',
    '}',
    '${',
    '$',
    '&&',
    '||',
    '|',
    ';',
    '&',
  ],
  ...[
    '<<EOF\n',
    '\nEOF\n',
    '>',
    '<',
    '#',
    '!',
    'if ',
    'then ',
    'fi',
    'for x in ',
    'do ',
    'done',
    'case x in ',
    'esac',
  ],
  ...[
    '[[ ',
    ' ]]',
    '((',
    '))',
    '=',
    '*',
    '?',
    '[',
    ']',
    '~',
    'é👽',
    '\0',
    'sh -c ',
    'apt-get install ',
    'sudo ',
    '-e ',
  ],
)

test('any text is understood or reported, and every range is in it', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(piece).map((all) => all.join('')),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const script = parseShell(text)
      for (const command of script.commands) {
        expect(command.range.end).toBeLessThanOrEqual(text.length)
        for (const word of command.words) {
          const { start, end } = word.range
          if (command.exact) expect(text.slice(start, end)).toBe(word.text)
          expect(start).toBeGreaterThanOrEqual(0)
          expect(end).toBeLessThanOrEqual(text.length)
        }
      }
      packageCommands(script)
    }),
    { numRuns: 1000 },
  )
})

const bash = spawnSync('bash', ['--version']).status === 0

/** What bash itself would call: every command is unknown to it, and the handler counts and writes its words. */
function bashWords(script: string): string[][] | null {
  const handler = 'command_not_found_handle() { printf "%s\\0" $# "$@"; }; PATH=/nonexistent\n'
  const run = spawnSync('bash', ['--norc', '-c', `${handler}${script}`], {
    encoding: 'utf8',
    env: {},
  })
  if (run.status !== 0 || run.stderr !== '') return null
  const fields = run.stdout.split('\0').slice(0, -1)
  const calls: string[][] = []
  while (fields.length > 0) calls.push(fields.splice(0, Number(fields.shift())))
  return calls
}

const literal = fc.constantFrom(
  ...[
    "'",
    '"',
    '\\',
    ' ',
    ' ',
    'a',
    'b',
    '-y',
    '=',
    ',',
    ':',
    '/',
    '@',
    '+',
    '%',
    '.',
    '#',
    '\\\n',
    'é',
    '{',
    '}',
  ],
)
const joint = fc.constantFrom(' && ', '; ', '\n', ' &&\\\n ', ' # note && not\n')

test.skipIf(!bash)('words and commands are those that bash runs (skipped: no bash)', () => {
  let compared = 0
  const call = fc.array(literal, { maxLength: 8 }).map((all) => `zz ${all.join('')}`)
  fc.assert(
    fc.property(fc.array(fc.tuple(call, joint), { minLength: 1, maxLength: 4 }), (calls) => {
      const script = `${calls.map((parts) => parts.join('')).join('')}zz end`
      const expected = bashWords(script)
      const { commands: all, diagnostics } = parseShell(script)
      // A bare assignment calls nothing, and a line after a comment may begin with the builtin ':'.
      const commands = all.filter(({ words, name }) => words.length > 0 && name !== ':')
      if (
        expected === null ||
        commands.some(({ words }) => words.some(({ value }) => value === null))
      )
        return
      expect(diagnostics).toEqual([])
      expect(commands.map(({ words }) => words.map(({ value }) => value))).toEqual(expected)
      compared += 1
    }),
    { numRuns: 150 },
  )
  expect(compared).toBeGreaterThan(20)
})

test('a broken script still gives the commands before the break', () => {
  const { commands, diagnostics } = parseShell('apt-get update && apt-get install "gcc')
  expect(commands.map(({ words }) => words.map(({ text }) => text))).toEqual([
    ['apt-get', 'update'],
    ['apt-get', 'install', '"gcc'],
  ])
  expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
    ['SHELL_SYNTAX', 'warning'],
  ])
})
