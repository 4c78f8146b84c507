import { describe, expect, test } from 'vitest'
import { shellChecks } from './suites/shell.ts'

const checks = shellChecks()

describe.skipIf(checks.length === 0)(
  'BuildKit shell tables (skipped: ../shared/conformance is absent)',
  () => {
    test('are all there', () => {
      expect(checks.length).toBe(228 + 24)
    })
    test.each(checks)('$name', ({ check }) => {
      expect(check()).toBeNull()
    })
  },
)
