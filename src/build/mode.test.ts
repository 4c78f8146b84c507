import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyMode, parseMode } from './mode.ts'

const clause = fc
  .tuple(
    fc.stringMatching(/^[ugoa]{1,3}$/),
    fc.constantFrom('+', '-', '='),
    fc.oneof(fc.stringMatching(/^[rwx]{0,3}$/), fc.constantFrom('u', 'g', 'o', 'X')),
  )
  .map((parts) => parts.join(''))

test('symbolic modes do what chmod(1) does, on files and directories', () => {
  const dir = mkdtempSync(join(tmpdir(), 'jettison-mode-'))
  try {
    writeFileSync(join(dir, 'file'), '')
    mkdirSync(join(dir, 'dir'))
    const modes = fc.integer({ min: 0, max: 0o777 })
    fc.assert(
      fc.property(fc.array(clause, { minLength: 1, maxLength: 3 }), modes, (clauses, mode) => {
        const text = clauses.join(',')
        for (const name of ['file', 'dir']) {
          chmodSync(join(dir, name), mode)
          execFileSync('chmod', [text, join(dir, name)])
          const wanted = statSync(join(dir, name)).mode & 0o777
          expect(applyMode(mode, parseMode(text), name === 'dir'), text).toBe(wanted)
        }
      }),
      { numRuns: 40 },
    )
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test.each(['64a', '10000', '8', 'u', 'u+q', 'rwx', ''])('%j is refused', (text) => {
  expect(() => parseMode(text)).toThrow(`invalid chmod parameter: '${text}'`)
})
