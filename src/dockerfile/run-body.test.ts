import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseShell } from '../shell/index.ts'
import { parseDockerfile } from './parse.ts'
import { runBody, soleHeredoc } from './run-body.ts'
import type { Dockerfile, RunInstruction } from './types.ts'

function firstRun(text: string): { dockerfile: Dockerfile; run: RunInstruction } {
  const dockerfile = parseDockerfile(text).value
  const run = dockerfile.instructions.find((item) => item.kind === 'run')
  if (run?.kind !== 'run') throw new Error('no RUN')
  return { dockerfile, run }
}

function values(text: string, joined: boolean): (string | null)[][] {
  return parseShell(text, { joined }).commands.map(({ words }) => words.map(({ value }) => value))
}

// What may stand between two characters of a logical line; the odd ones leave a blank, so they stand beside one.
const gap = fc.constantFrom(
  '',
  '',
  '\\\n',
  '\\\n#even\n',
  '\\\n\n\n',
  ' \\  \n  # odd\n',
  ' \\\r\n',
)
const bit = fc.constantFrom('a', 'b', ' ', "'x'", '"y"', ' && ', '; ', '-f', '=', '"$z"', '/')

test('the shell reads the body as it reads the line that BuildKit joins', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bit, gap), { minLength: 1, maxLength: 20 }), (bits) => {
      const { dockerfile, run } = firstRun(
        `FROM a\nRUN --network=none go ${bits.flat().join('')}.\n`,
      )
      if (run.command.form !== 'shell') throw new Error('exec form')
      const body = runBody(dockerfile, run)
      expect(values(body?.text ?? '', true)).toEqual(values(run.command.text, false))
    }),
    { numRuns: 500 },
  )
})

test('single-quoted text loses its continuations', () => {
  const { dockerfile, run } = firstRun("FROM a\nRUN awk '\\\n#in\n{ print }' x\n")
  const body = runBody(dockerfile, run)
  expect(values(body?.text ?? '', true)).toEqual([['awk', '{ print }', 'x']])
})

test('a heredoc that is the whole RUN is the script', () => {
  const text = 'FROM a\nRUN --mount=type=cache,target=/c <<-EOF\n\tx\n\t EOF\n\tEOF\n'
  const { dockerfile, run } = firstRun(text)
  expect(soleHeredoc(run)?.name).toBe('EOF')
  const body = runBody(dockerfile, run)
  expect(body).toEqual({ text: '\tx\n\t EOF\n', offset: text.indexOf('\tx'), joined: false })
})

test.each([
  ['RUN ["a", "b"]'],
  ['RUN <<EOF\n#!/usr/bin/env python3\nx\nEOF'],
  ['RUN <<EOF\n#!/usr/bin/perl -w\nx\nEOF'],
])('%j is not for a shell', (line) => {
  const { dockerfile, run } = firstRun(`FROM a\n${line}`)
  expect(runBody(dockerfile, run)).toBeNull()
})

test.each([['RUN <<EOF\n#!/bin/bash -e\nx\nEOF'], ['RUN <<EOF\n#!/usr/bin/env -S sh -e\nx\nEOF']])(
  '%j is for a shell',
  (line) => {
    const { dockerfile, run } = firstRun(`FROM a\n${line}`)
    expect(runBody(dockerfile, run)?.text).toMatch(/x\n$/)
  },
)

test('a heredoc that is input for a command comes with the line', () => {
  const text = 'FROM a\nRUN cat <<A <<B | \\\n tee x\n1\nA\n2\nB\nRUN y'
  const { dockerfile, run } = firstRun(text)
  const body = runBody(dockerfile, run)
  const commands = parseShell(body?.text ?? '', { joined: true }).commands
  expect(
    commands.map(({ name, redirects }) => [name, redirects.map(({ heredoc }) => heredoc)]),
  ).toEqual([
    ['cat', ['1\n', '2\n']],
    ['tee', []],
  ])
})
