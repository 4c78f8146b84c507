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

test.each([
  [{}, {}, null],
  [{}, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  [{}, { FORCE_COLOR: '1' }, true],
  [{}, { CLICOLOR_FORCE: '1' }, true],
  [{}, { FORCE_COLOR: '0' }, null],
  [{ color: 'always' }, { NO_COLOR: '1' }, true],
  [{ color: 'never' }, { FORCE_COLOR: '1' }, false],
  [{ color: 'auto' }, { NO_COLOR: '1' }, false],
] as const)('colours: %o %o', (flags, env, color) => {
  expect(readSettings(flags, env).color).toBe(color)
})

test.each([
  [{}, false],
  [{ LANG: 'C' }, true],
  [{ LANG: 'en_US.UTF-8' }, false],
  [{ LANG: 'en_US.UTF-8', LC_CTYPE: 'de_DE.ISO-8859-1' }, true],
  [{ LANG: 'C', LC_ALL: 'C.utf8' }, false],
] as const)('the locale %o has nothing but ASCII: %s', (env, ascii) => {
  expect(readSettings({}, env).ascii).toBe(ascii)
})
