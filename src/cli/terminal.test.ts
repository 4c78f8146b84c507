import { expect, test } from 'vitest'
import { forTerminal, painter, printable } from './terminal.ts'

test('a result keeps our colours and loses what steers a terminal', () => {
  const red = painter(true)('red', 'DIFFERENT')
  expect(forTerminal(`${red}\tplain\n`)).toBe(`${red}\tplain\n`)
  const hostile = '\u001b]0;title\u0007\u001b[2Jrm\u001b[31m\r\u009b5n'
  expect(forTerminal(`${red} ${hostile}`)).toBe(`${red} rm\u001b[31m5n`)
})

test('nothing that a program prints can steer the terminal', () => {
  const text =
    'a\u001b[31mred\u001b[0m \u001b]0;title\u0007b\u001b]8;;x\u001b\\c\u0007\u009b2J\u001b[2J\rd\te\n'
  expect(printable(text)).toBe('ared bc2Jd\te\n')
})

test('in a result our own colours stay, and nothing that is shown with them can steer the terminal', () => {
  const green = painter(true)('green', 'fine')
  expect(forTerminal(`${green}\n\ta\u001b[2J\u001b[8mb\u001b]0;title\u0007c\u009b1md`)).toBe(
    `${green}\n\tabc1md`,
  )
})

test('where the locale has no other characters our signs are ASCII, and as wide as before', () => {
  const text = '✔ ◌ ● ✖ ▼ │ 12 % ████▌▏ −86 % a → b … –'
  const shown = forTerminal(text, true)
  expect(shown).toMatch(/^[\x20-\x7e]+$/)
  expect(shown).toHaveLength(text.length)
  expect(forTerminal('日本', true)).toBe('日本')
})
