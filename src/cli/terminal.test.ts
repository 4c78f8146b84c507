import { expect, test } from 'vitest'
import type { Event } from '../base/index.ts'
import { noPaint } from '../report/index.ts'
import { liveSink } from './live.ts'
import { forTerminal, painter, plainSink, printable } from './terminal.ts'

/** A terminal of so many columns that knows what `liveSink` writes: cursor up, clear below, wrapping on and off. */
function screen(columns: number): {
  write: (text: string | Uint8Array) => void
  lines: () => readonly string[]
  columns: number
} {
  const rows: string[] = ['']
  let row = 0
  let wraps = true
  const put = (char: string): void => {
    if ([...(rows[row] ?? '')].length < columns) rows[row] = (rows[row] ?? '') + char
    else if (wraps) {
      row += 1
      rows[row] = char
    }
  }
  const newline = (): void => {
    row += 1
    rows[row] ??= ''
  }
  const control = (code: string): void => {
    if (code.endsWith('F')) row -= Number(code.slice(0, -1))
    else if (code === 'J') rows.splice(row, rows.length, '')
    else if (code === '?7l') wraps = false
    else if (code === '?7h') wraps = true
    else if (!code.startsWith('?2026')) throw new Error(`unknown control ${code}`)
  }
  const esc = '\u001b'
  const parts = new RegExp(`${esc}\\[([?0-9]*[A-Za-z])|([\\s\\S])`, 'gu')
  return {
    columns,
    write: (text) => {
      for (const [, code, char] of String(text).matchAll(parts))
        if (code !== undefined) control(code)
        else if (char === '\n') newline()
        else put(char ?? '')
    },
    lines: () => rows.slice(0, row),
  }
}

function output(step: string, text: string): Event {
  return { kind: 'step-output', step, stream: 'stdout', bytes: Buffer.from(text) }
}

function play(events: readonly Event[], columns = 40): readonly string[] {
  const terminal = screen(columns)
  const { sink, close } = liveSink(terminal, () => 0, noPaint)
  for (const event of events) sink(event)
  close()
  return terminal.lines()
}

test('a result keeps our colours and loses what steers a terminal', () => {
  const red = painter(true)('red', 'DIFFERENT')
  expect(forTerminal(`${red}\tplain\n`)).toBe(`${red}\tplain\n`)
  const hostile = '\u001b]0;title\u0007\u001b[2Jrm\u001b[31m\r\u009b5n'
  expect(forTerminal(`${red} ${hostile}`)).toBe(`${red} rm\u001b[31m5n`)
})

const start = (step: string, title: string): Event => ({ kind: 'step-start', step, title })
const end = (step: string, title: string, outcome: 'done' | 'failed'): Event => ({
  ...{ kind: 'step-end', step, title, outcome },
})

test('what is drawn for running steps is gone when they end, also with lines wider than the terminal', () => {
  const wide = '日本語'.repeat(40)
  const lines = play([
    start('[a 1/1]', 'RUN one'),
    start('[b 1/1]', `RUN ${'long '.repeat(30)}`),
    output('[a 1/1]', `${wide}\n\ttabbed\nand more\n`),
    start('[c 1/1]', 'RUN three'),
    end('[a 1/1]', 'RUN one', 'done'),
    end('[b 1/1]', 'RUN long', 'done'),
    end('[c 1/1]', 'RUN three', 'done'),
  ])
  expect(lines).toEqual([
    '✔ [a 1/1] RUN one  0.0s',
    '✔ [b 1/1] RUN long  0.0s',
    '✔ [c 1/1] RUN three  0.0s',
  ])
})

test('a step that fails leaves its last lines above its mark', () => {
  const lines = play([
    start('[1/1]', 'RUN x'),
    output('[1/1]', 'why\n'),
    end('[1/1]', 'RUN x', 'failed'),
  ])
  expect(lines).toEqual(['  │ why', '✖ [1/1] RUN x  0.0s'])
})

test('a phase that goes on is a list under its name, and the result stands apart', () => {
  const phase = (name: string, detail: string): Event => ({ kind: 'phase', name, detail })
  const events = [
    phase('prove', 'fat and lean'),
    phase('prove', 'P1 One'),
    phase('prove', 'P2 Two'),
  ]
  expect(play(events)).toEqual(['', 'prove  fat and lean', '  P1 One', '  P2 Two', ''])
  const plain: string[] = []
  const sink = plainSink({ write: (text) => plain.push(String(text)) }, () => 0)
  for (const event of events) sink(event)
  expect(plain.join('')).toBe('\n==> prove — fat and lean\n    P1 One\n    P2 Two\n')
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

test('steps of one stage stand together, above what was done so far; an ended one says what it made', () => {
  const terminal = screen(60)
  const { sink, close } = liveSink(terminal, () => 0, noPaint)
  sink(start('[builder 1/3]', 'FROM a'))
  sink(start('[runtime 1/2]', 'FROM b'))
  sink({ ...end('[builder 1/3]', 'FROM a', 'done'), bytes: 2_500_000 } as Event)
  sink(start('[builder 2/3]', 'RUN make'))
  sink(start('[builder 3/3]', 'COPY . .'))
  expect(terminal.lines()).toEqual([
    '✔ [builder 1/3] FROM a  0.0s   2.5MB',
    '● [runtime 1/2] FROM b  0.0s',
    '● [builder 2/3] RUN make  0.0s',
    '● [builder 3/3] COPY . .  0.0s',
    '  1 step · 0 cached · 2.5MB',
  ])
  close()
})
