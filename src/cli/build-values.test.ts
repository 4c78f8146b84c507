import { expect, test } from 'vitest'
import { checkPlatform, readEntitlements, readHost, readSize, readUlimit } from './build-values.ts'

test('hosts', () => {
  expect(['a:1.2.3.4', 'a=1.2.3.4', 'a:[::1]', 'a:::1', 'a:host-gateway'].map(readHost)).toEqual([
    ...['a:1.2.3.4', 'a:1.2.3.4', 'a:::1', 'a:::1', 'a:127.0.0.1'],
  ])
  for (const text of ['a', 'a:b', ':1.2.3.4', 'a:1.2.3']) expect(() => readHost(text)).toThrow()
})

test('limits and sizes', () => {
  expect(readUlimit('nofile=10:20')).toEqual({ name: 'nofile', soft: 10, hard: 20 })
  expect(readUlimit('core=-1')).toEqual({ name: 'core', soft: -1, hard: -1 })
  for (const text of ['nofile', 'nofile=2:1', 'files=1', 'nofile=-1:5', 'nofile=-2'])
    expect(() => readUlimit(text)).toThrow(/invalid ulimit/)
  expect(['64000', '128m', '1.5g', '2KiB'].map(readSize)).toEqual([
    ...[64000, 128 * 1024 ** 2, 1.5 * 1024 ** 3, 2048],
  ])
  for (const text of ['', 'x', '0', '-1m']) expect(() => readSize(text)).toThrow(/is no size/)
})

test('what may be allowed', () => {
  const asked = ['security.insecure,network.host', 'device=a.com/b=c']
  expect(readEntitlements(asked)).toEqual(['security.insecure', 'network.host', 'device=a.com/b=c'])
  expect(() => readEntitlements(['everything'])).toThrow(/unknown entitlement everything/)
})

test('only this platform', () => {
  const [own, other] = process.arch === 'arm64' ? ['arm64', 'amd64'] : ['amd64', 'arm64']
  for (const text of [undefined, own, `linux/${own}`, `Linux/${own}`]) checkPlatform(text)
  for (const text of [`linux/${other}`, `linux/${own},linux/${other}`, 'windows/amd64'])
    expect(() => checkPlatform(text)).toThrow(/cannot build or run for/)
})
