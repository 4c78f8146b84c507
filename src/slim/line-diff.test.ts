import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lineDiff } from './line-diff.ts'

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'line-diff-'))
})
afterAll(() => rmSync(dir, { recursive: true }))

/** What git makes of `before` when it is given the diff. */
function applied(before: string, diff: string): string {
  writeFileSync(join(dir, 'Dockerfile'), before)
  const { status, stderr } = spawnSync(
    'git',
    ['apply', '--whitespace=nowarn', '--unidiff-zero', '-'],
    {
      cwd: dir,
      input: diff,
      encoding: 'utf8',
    },
  )
  expect(stderr).toBe('')
  expect(status).toBe(0)
  return readFileSync(join(dir, 'Dockerfile'), 'utf8')
}

test('equal texts have no diff', () => {
  expect(lineDiff('FROM x\n', 'FROM x\n')).toBe('')
})

test('a change has three lines around it', () => {
  expect(lineDiff('1\n2\n3\n4\n5\n6\n7\n8\n9\n', '1\n2\n3\n4\nfive\n6\n7\n8\n9\n')).toBe(
    [
      '--- a/Dockerfile',
      '+++ b/Dockerfile',
      '@@ -2,7 +2,7 @@',
      ...[' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8', ''],
    ].join('\n'),
  )
})

test('git makes the new text from the old one and the diff', () => {
  const line = fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'RUN x \\\n', 'crlf\r\n')
  const text = fc.tuple(fc.array(line, { minLength: 1, maxLength: 30 }), fc.constantFrom('', 'end'))
  fc.assert(
    fc.property(text, text, ([a, enda], [b, endb]) => {
      const [before, after] = [a.join('') + enda, b.join('') + endb]
      fc.pre(before !== after)
      expect(applied(before, lineDiff(before, after))).toBe(after)
    }),
    { numRuns: 60 },
  )
})
