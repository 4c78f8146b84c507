import { expect, test } from 'vitest'
import type { Event } from '../../base/index.ts'
import { painter } from '../terminal.ts'
import { plainSink } from './plain.ts'
import { quietSink } from './quiet.ts'

const step = { step: '[2/2]', title: 'RUN a \\\n  b' } as const
const events: readonly Event[] = [
  { kind: 'phase', name: 'prove', detail: 'fat and lean' },
  { kind: 'phase', name: 'prove', detail: 'P1 One' },
  { kind: 'step-start', ...step },
  { kind: 'step-output', step: '[2/2]', stream: 'stderr', bytes: Buffer.from('cat: no such ') },
  { kind: 'step-output', step: '[2/2]', stream: 'stderr', bytes: Buffer.from('file\n5%\r9%') },
  { kind: 'step-end', ...step, outcome: 'failed' },
  { kind: 'notice', level: 'warning', code: 'X', message: 'a\u001b[2Jb' },
]

function written(sinkOn: typeof quietSink, played = events): string {
  let text = ''
  const sink = sinkOn({ write: (part) => (text += String(part)) })
  for (const event of played) sink(event)
  return text
}

test('plain: one line an event, nothing rewritten, nothing that steers', () => {
  expect(written((stream) => plainSink(stream, () => 0))).toBe(
    [
      ...['', '==> prove — fat and lean', '    P1 One', '#1 [2/2] RUN a \\ b'],
      ...['#1 0.00 cat: no such file', '#1 9%', '#1 ERROR', 'warning: ab', ''],
    ].join('\n'),
  )
})

test('plain: colours where they are wanted, and the same words', () => {
  const plain = written((stream) => plainSink(stream, () => 0))
  const painted = written((stream) => plainSink(stream, () => 0, painter(true)))
  expect(painted).toContain('\u001b[31mERROR\u001b[0m')
  expect(
    painted
      .split('\u001b')
      .map((part) => part.replace(/^\[\d+m/, ''))
      .join(''),
  ).toBe(plain)
})

test('quiet: nothing but the log of what failed', () => {
  expect(written(quietSink)).toBe('[2/2] RUN a \\ b\ncat: no such file\n9%\n')
  expect(written(quietSink, events.slice(0, -2))).toBe('')
})

test('plain: a transfer says how far it is from time to time, and when it has arrived', () => {
  let now = 0
  const text = written(
    (stream) => {
      const sink = plainSink(stream, () => now)
      return (event) => {
        sink(event)
        now += 1000
      }
    },
    Array.from(
      { length: 12 },
      (_, at): Event => ({
        ...{ kind: 'transfer', what: 'aaaa', done: (at + 1) * 1e6, total: 12e6 },
      }),
    ),
  )
  expect(text.split('\n')).toEqual([
    'aaaa 6MB of 12MB',
    'aaaa 11MB of 12MB',
    'aaaa 12MB in 11.0s',
    '',
  ])
})
