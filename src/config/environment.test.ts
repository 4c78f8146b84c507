import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings } from './environment.ts'

const named = [
  'JETTISON_HOME',
  'JETTISON_CA',
  'SSL_CERT_FILE',
  'JETTISON_ISOLATION',
  'JETTISON_BASES',
  'JETTISON_PROGRESS',
]

test('a variable that is set to nothing is not set', () => {
  const env = { HOME: '/home/me', XDG_DATA_HOME: '/data' }
  const empty = Object.fromEntries(named.map((name) => [name, '']))
  expect(readSettings({}, { ...env, ...empty })).toEqual(readSettings({}, env))
})

test('a relative store is meant from the current directory: a monitor has another one', () => {
  expect(readSettings({ root: 'store' }, {}).root).toBe(resolve('store'))
  expect(readSettings({}, { JETTISON_HOME: join('a', 'store') }).root).toBe(resolve('a/store'))
})

test.each([
  [{ bases: 'elsewhere' }, {}],
  [{ progress: 'loud' }, {}],
  [{}, { JETTISON_BASES: 'elsewhere' }],
  [{}, { JETTISON_PROGRESS: 'loud' }],
])('a mode that there is not is refused: %o %o', (flags, env) => {
  expect(() => readSettings(flags, env)).toThrow(
    expect.objectContaining({ code: 'USAGE', kind: 'invalid' }),
  )
})

test('flags win over variables, variables over defaults', () => {
  const env = { JETTISON_PROGRESS: 'json', JETTISON_CA: '/ca.pem', SSL_CERT_FILE: '/other.pem' }
  expect(readSettings({ progress: 'plain' }, env)).toMatchObject({
    progress: 'plain',
    ca: '/ca.pem',
  })
  expect(readSettings({}, env).progress).toBe('json')
  expect(readSettings({}, {})).toMatchObject({ progress: 'auto', bases: 'auto', ca: null })
})
