import { expect, test } from 'vitest'
import { discoverProbes } from './discover.ts'
import { probeName } from './types.ts'
import { isBareInterpreter, whyVain } from './vain.ts'

const names = (config: Parameters<typeof discoverProbes>[0]['config']): readonly string[] =>
  discoverProbes({ config }).map(probeName)

test('exposed TCP ports give candidate paths, UDP ports none', () => {
  const found = names({ ExposedPorts: { '8080': {}, '5000/tcp': {}, '53/udp': {} } })
  expect(found).toContain('GET :5000/')
  expect(found).toContain('GET :8080/health')
  expect(found.some((name) => name.includes(':53'))).toBe(false)
})

test('a HEALTHCHECK gives its command and the URL in it, once', () => {
  const found = names({
    ExposedPorts: { '5000/tcp': {} },
    Healthcheck: { Test: ['CMD-SHELL', 'curl -f "http://localhost:5000/health" || exit 1'] },
  })
  expect(found[0]).toBe('cmd: /bin/sh -c curl -f "http://localhost:5000/health" || exit 1')
  expect(found.filter((name) => name === 'GET :5000/health')).toHaveLength(1)
})

test('an image without ports is taken for a job', () => {
  expect(names({})).toEqual(["the image's own command"])
  expect(names({ Healthcheck: { Test: ['NONE'] } })).toEqual(["the image's own command"])
})

test.each([
  [['true']],
  [['/bin/sh', '-c', 'exit 0']],
  [['/bin/sh', '-c', 'curl localhost || exit 0']],
  [['/bin/sh', '-c', 'curl localhost || true']],
  [['echo', 'ok']],
])('%j cannot fail', (argv) => {
  expect(whyVain({ kind: 'cmd', argv, origin: 'healthcheck' })).toBeDefined()
})

test('a command that asks something can fail', () => {
  const argv = ['/bin/sh', '-c', 'curl -f localhost || exit 1']
  expect(whyVain({ kind: 'cmd', argv, origin: 'healthcheck' })).toBeUndefined()
})

test('an interpreter without a program is bare', () => {
  expect(isBareInterpreter(['python3'])).toBe(true)
  expect(isBareInterpreter(['/bin/bash'])).toBe(true)
  expect(isBareInterpreter(['python3', 'app.py'])).toBe(false)
  expect(isBareInterpreter(['python3', '-m', 'app'])).toBe(false)
})
