import { expect, test } from 'vitest'
import { openScreen, type Screen } from '../../../test/support/screen.ts'
import type { Event } from '../../base/index.ts'
import { noPaint } from '../../report/index.ts'
import { liveSink } from './live.ts'

type Step = Extract<Event, { kind: 'step-end' }>

const start = (step: string, title: string): Event => ({ kind: 'step-start', step, title })
const end = (step: string, title: string, more: Partial<Step> = {}): Event => ({
  ...{ kind: 'step-end', step, title, outcome: 'done', ...more },
})
const output = (step: string, text: string): Event => ({
  ...{ kind: 'step-output', step, stream: 'stdout', bytes: Buffer.from(text) },
})

/** What the terminal shows after all events, before and after the end. */
function play(
  events: readonly Event[],
  screen: Screen = openScreen(60),
): { readonly running: readonly string[]; readonly left: readonly string[] } {
  const { sink, close } = liveSink(screen, () => 0, noPaint)
  for (const event of events) sink(event)
  const running = screen.lines().map(squeezed)
  close()
  return { running, left: screen.lines().map(squeezed) }
}

/** Where columns stand has a test of its own. */
function squeezed(line: string): string {
  return line.replace(/(?<=\S) {2,}/g, '  ')
}

const stages: Event = {
  kind: 'stages',
  stages: [
    { name: 'builder', base: 'gcc:14', steps: 2, needs: [] },
    { name: 'runtime', base: 'debian:bookworm-slim', steps: 2, needs: ['builder'] },
  ],
}
const from = (stage: string, total: number): readonly Event[] => [
  start(`[${stage} 1/${total}]`, 'FROM x'),
  end(`[${stage} 1/${total}]`, 'FROM x', { baseBytes: 74_000_000 }),
]
const beginning = [stages, ...from('builder', 2), ...from('runtime', 2)]

test('stages are lanes; one that has nothing to do says what it waits for', () => {
  const { running } = play([...beginning, start('[builder 2/2]', 'RUN make')])
  expect(running).toEqual([
    'builder  gcc:14',
    '  ✔ 1/2 FROM x  0.0s  74MB',
    '  ● 2/2 RUN make  0.0s',
    'runtime  debian:bookworm-slim',
    '  ✔ 1/2 FROM x  0.0s  74MB',
    '  · waiting for builder',
    '  2/4 steps · 0B  0.0s',
  ])
})

test('a stage that ends becomes one line, the last one stays with all its steps', () => {
  const { left } = play([
    ...beginning,
    ...[start('[builder 2/2]', 'RUN make'), end('[builder 2/2]', 'RUN make', { bytes: 2_500_000 })],
    ...[start('[runtime 2/2]', 'COPY a b'), end('[runtime 2/2]', 'COPY a b', { bytes: 900 })],
  ])
  expect(left).toEqual([
    '✔ builder  gcc:14  2 steps  0.0s  2.5MB',
    'runtime  debian:bookworm-slim',
    '  ✔ 1/2 FROM x  0.0s  74MB',
    '  ✔ 2/2 COPY a b  0.0s  900B',
    '  4/4 steps · 2.5MB  0.0s',
  ])
})

test('a build after another one begins anew; one inside another goes on with it', () => {
  const one: Event = { kind: 'stages', stages: [{ name: '', base: 'x', steps: 1, needs: [] }] }
  const single = [start('[1/1]', 'FROM x'), end('[1/1]', 'FROM x')]
  const apart = play([one, ...single, one, ...single]).left
  expect(apart.filter((line) => line.includes('1/1 step'))).toHaveLength(2)
  const inside = play([stages, start('[builder 1/2]', 'FROM y'), one, ...single]).left
  expect(inside.filter((line) => line.includes('steps ·'))).toHaveLength(1)
})

test('times and sizes stand below each other, whatever the titles are', () => {
  const titles = ['RUN x', `RUN ${'long '.repeat(30)}`, `RUN ${'日本語'.repeat(30)}`, 'RUN a\n\tb']
  const screen = openScreen(60)
  play(
    titles.flatMap((title, at) => [
      start(`[${at + 1}/4]`, title),
      end(`[${at + 1}/4]`, title, { bytes: 10 ** (at * 3) }),
    ]),
    screen,
  )
  const rows = screen.lines().filter((line) => line.startsWith('✔'))
  expect(rows).toHaveLength(titles.length)
  for (const line of rows) expect(cells(line)).toMatch(/^.{46}0\.0s {2} *\d+[kMG]?B$/)
})

/** A wide character as two. */
function cells(line: string): string {
  return line.replace(/\p{Script=Han}/gu, '##')
}

test('what fails keeps the last twenty lines of its log and stands last', () => {
  const log = Array.from({ length: 30 }, (_, at) => `line ${at}`)
  const { left } = play([
    ...beginning,
    ...[start('[runtime 2/2]', 'RUN wait'), start('[builder 2/2]', 'RUN make')],
    output('[builder 2/2]', `${log.join('\n')}\ncat: no such `),
    output('[builder 2/2]', 'file'),
    end('[builder 2/2]', 'RUN make', { outcome: 'failed' }),
  ])
  const at = left.findIndex((line) => line.startsWith('  ✖ 2/2 RUN make'))
  expect(left[at]).toMatch(/failed$/)
  expect(left.slice(at + 1, -1)).toEqual(
    [...log.slice(-19), 'cat: no such file'].map((line) => `    │ ${line}`),
  )
  expect(left.findIndex((line) => /^– runtime .*canceled$/.test(line))).toBeLessThan(at)
})

test.each([8, 12, 24])('on %i rows the picture never takes more than there are', (rows) => {
  const screen = openScreen(60, rows)
  const names = ['a', 'b', 'c', 'd']
  const { sink } = liveSink(screen, () => 0, noPaint)
  for (const name of names)
    for (const event of [
      ...from(name, 3),
      start(`[${name} 2/3]`, `RUN ${name}`),
      output(`[${name} 2/3]`, 'one\ntwo\nthree\nfour\nfive\n'),
      start(`[${name} 2/3]`, `RUN ${name}`),
    ]) {
      sink(event)
      expect(screen.lines().length).toBeLessThan(rows)
    }
  expect(screen.lines().at(-1)).toMatch(/4\/12 steps/)
})

test('a terminal that becomes narrower while something is drawn has nothing left over', () => {
  const screen = openScreen(100)
  const { sink, close } = liveSink(screen, () => 0, noPaint)
  for (const event of beginning) sink(event)
  // Terminals break the lines that they have anew: that is as if a narrow one had been written to.
  const narrow = openScreen(50)
  narrow.write(`${screen.lines().join('\n')}\n`)
  screen.columns = 50
  Object.assign(screen, { write: narrow.write })
  sink(start('[builder 2/2]', 'RUN make'))
  close()
  const lines = narrow.lines()
  expect(lines.filter((line) => line.startsWith('runtime'))).toHaveLength(1)
  expect(lines.every((line) => line.length < 50)).toBe(true)
})

test('what is on its way has a bar and a share, and a line when it has arrived', () => {
  const moving = (what: string, done: number, total: number | null): Event => ({
    ...{ kind: 'transfer', what, done, total },
  })
  const { running, left } = play([
    moving('aaaa', 5e6, 1e7),
    moving('compressing bbbb', 1e6, null),
    moving('bbbb', 2e6, null),
    moving('cccc', 3e6, 3e6),
  ])
  expect(running).toEqual([
    '✔ cccc  0.0s  3MB',
    '↓ aaaa  ████████  5MB of 10MB  0.0s  50%',
    '↓ bbbb  0.0s  2MB',
  ])
  expect(left).toEqual(running.slice(0, 1))
})

test('a phase that goes on is a list under its name, and the result stands apart', () => {
  const phase = (name: string, detail: string): Event => ({ kind: 'phase', name, detail })
  const { running, left } = play([
    phase('prove', 'fat and lean'),
    phase('prove', 'P1 One'),
    phase('prove', 'P2 Two'),
  ])
  const ended = ['', 'prove  fat and lean', '  P1 One  0.0s']
  expect(running).toEqual([...ended, '  ● P2 Two  0.0s'])
  expect(left).toEqual([...ended, '  P2 Two  0.0s', ''])
})

test('what is written after the end of the picture is not overwritten by what comes later', () => {
  const screen = openScreen(60)
  const { sink, close } = liveSink(screen, () => 0, noPaint)
  for (const event of from('a', 1)) sink(event)
  close()
  screen.write('said between\n')
  for (const event of from('b', 1)) sink(event)
  close()
  const lines = screen.lines()
  expect(lines.filter((line) => line === 'said between')).toHaveLength(1)
  expect(lines.findIndex((line) => line.startsWith('b'))).toBeGreaterThan(
    lines.indexOf('said between'),
  )
})
