import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings } from '../config/index.ts'
import { readCa } from './read-ca.ts'
import { registrySettings } from './registry-settings.ts'

test('a CA bundle that cannot be read is the fault of who named it', () => {
  const settings = readSettings({ ca: join(tmpdir(), 'there-is-no-such-bundle.pem') }, {})
  const refused = expect.objectContaining({ code: 'CA_UNREADABLE', kind: 'invalid' })
  expect(() => readCa(settings)).toThrow(refused)
  expect(() => registrySettings({ settings })).toThrow(refused)
  expect(readCa({ ca: null })).toBeNull()
})
