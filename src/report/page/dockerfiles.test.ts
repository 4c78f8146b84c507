import { expect, test } from 'vitest'
import { dockerfileRows } from './dockerfiles.ts'
import { stageGraph } from './stage-graph.ts'

const pairs = (before: string, after: string): readonly (readonly [number, number])[] =>
  dockerfileRows(before, after).map((row) => [row.before?.line ?? 0, row.after?.line ?? 0])

test('an instruction faces what it became, and what has no counterpart stands alone', () => {
  const before = 'FROM fat\nRUN pip install -r requirements.txt\nCMD ["app"]\n'
  const after = [
    '# syntax=docker/dockerfile:1',
    'FROM fat AS builder',
    'RUN --mount=type=cache,target=/c \\',
    '    pip wheel -r requirements.txt',
    'FROM slim',
    'RUN pip install /wheels',
    'CMD ["app"]',
  ]
  expect(pairs(before, `${after.join('\n')}\n`)).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 4],
    [0, 5],
    [0, 6],
    [3, 7],
  ])
})

test('every line of both files is there once and in order, whatever changed', () => {
  const texts = [
    'FROM a\nCOPY . .\nRUN x \\\n  # why\n  y\n\nUSER u\n',
    '# c\nFROM b\n\nRUN y\nCOPY . /srv\nRUN x\n',
    'USER u\nFROM a\n',
    '',
  ]
  for (const before of texts)
    for (const after of texts) {
      const rows = dockerfileRows(before, after)
      for (const [side, text] of [['before', before] as const, ['after', after] as const]) {
        const lines = rows.flatMap((row) => row[side] ?? [])
        expect(lines.map((line) => `${line.text}\n`).join('')).toBe(text)
        expect(lines.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 1))
      }
    }
})

test('the graph has the stages with their lines and what they take from each other, by any name', () => {
  const text = [
    'FROM golang AS Build',
    'RUN go build',
    'FROM debian',
    'COPY --from=0 /a /b /',
    'RUN --mount=from=build,source=/cache,target=/c \\',
    '    true',
    'COPY --from=busybox:1 /bin/sh /',
  ]
  expect(stageGraph(text.join('\n'))).toMatchObject([
    { name: 'build', line: 1, lastLine: 2, final: false, copies: [] },
    {
      ...{ name: 'stage 1', line: 3, lastLine: 7, final: true },
      copies: [
        { from: 'build', paths: ['/a', '/b'], line: 4, mount: false },
        { from: 'build', paths: ['/cache'], line: 5, mount: true },
        { from: 'busybox:1', paths: ['/bin/sh'], line: 7, mount: false },
      ],
    },
  ])
})
