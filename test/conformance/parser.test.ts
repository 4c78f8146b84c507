import { describe, expect, test } from 'vitest'
import { parserChecks } from './suites/parser.ts'

const checks = parserChecks()

describe.skipIf(checks.length === 0)(
  'BuildKit parser files (skipped: ../shared/conformance is absent)',
  () => {
    test('are all there', () => {
      expect(checks.length).toBe(33 + 4 + 1)
    })
    test.each(checks)('$name', ({ check }) => {
      expect(check()).toBeNull()
    })
  },
)
