import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { isFault } from '../base/index.ts'
import { binarySize, containerHealthcheck, containerLimits } from './container-limits.ts'
import { parseMount, parseTmpfs, parseVolume } from './container-mounts.ts'
import { checkEnvironment, checkWorkdir } from './containers.ts'

test('-v: host paths, names, neither, and options', () => {
  expect(parseVolume('/a/../b:/c/:ro')).toEqual({
    ...{ type: 'bind', source: '/b', target: '/c', readOnly: true, create: true },
  })
  expect(parseVolume('./x:/c')).toMatchObject({ type: 'bind', source: resolve('x') })
  expect(parseVolume('~/x:/c')).toMatchObject({ source: join(homedir(), 'x') })
  expect(parseVolume('data:/c:nocopy')).toEqual({
    ...{ type: 'volume', name: 'data', anonymous: false, seed: false },
    ...{ target: '/c', readOnly: false },
  })
  expect(parseVolume('/c')).toMatchObject({ type: 'volume', anonymous: true, target: '/c' })
})

test('--mount and --tmpfs: the same by keys', () => {
  expect(parseMount('type=bind,src=/b,dst=/c,readonly')).toEqual({
    ...{ type: 'bind', source: '/b', target: '/c', readOnly: true, create: false },
  })
  expect(parseMount('source=data,target=/c')).toMatchObject({ type: 'volume', name: 'data' })
  const memory = { type: 'tmpfs', target: '/c', size: 64 << 20, mode: 0o700 }
  expect(parseMount('type=tmpfs,target=/c,tmpfs-size=64m,tmpfs-mode=0700')).toMatchObject(memory)
  expect(parseTmpfs('/c:size=64m,mode=700,exec')).toEqual({ ...memory, noExec: false })
  expect(parseTmpfs('/c')).toMatchObject({ size: null, mode: 0o1777, noExec: true })
})

test.each([
  ['a relative place', () => parseVolume('/a:b')],
  ['the root', () => parseVolume('/a:/x/..')],
  ['a fourth part', () => parseVolume('/a:/b:ro:rw')],
  ['an option that is none', () => parseVolume('/a:/b:shared')],
  ['nothing after the colon', () => parseVolume('/a:')],
  ['a bind of a name', () => parseMount('type=bind,source=data,target=/c')],
  ['a bind without a source', () => parseMount('type=bind,target=/c')],
  ['an unknown key', () => parseMount('type=bind,source=/a,target=/c,shape=round')],
  ['an unknown type', () => parseMount('type=npipe,source=/a,target=/c')],
  ['a size that is none', () => parseTmpfs('/c:size=big')],
  ['a negative limit', () => containerLimits({ memory: '-5m' })],
  ['no processors', () => containerLimits({ cpus: '0' })],
  ['a setting without a name', () => checkEnvironment(['A=b', '=x'])],
  ['a working directory that is relative', () => checkWorkdir('app')],
  ['a time without a unit', () => containerHealthcheck({ none: false, interval: '5' })],
])('%s is refused', (_, parse) => {
  expect(fault(parse)).toEqual(['USAGE', 'invalid'])
})

test('a name that no volume can have says what names are', () => {
  expect(fault(() => parseVolume('-x:/c'))).toEqual(['VOLUME_NAME_INVALID', 'invalid'])
})

test('sizes are binary as in Docker', () => {
  expect([binarySize('1k'), binarySize('1.5g'), binarySize('7'), binarySize('2MiB')]).toEqual([
    1024,
    1.5 * 1024 ** 3,
    7,
    2 * 1024 ** 2,
  ])
})

test("health flags lie over the image's check, or switch it off", () => {
  expect(containerHealthcheck({ none: true })).toBeNull()
  expect(containerHealthcheck({ none: false })).toEqual({})
  expect(
    containerHealthcheck({ none: false, command: 'true', interval: '1m30s', retries: '2' }),
  ).toEqual({ Test: ['CMD-SHELL', 'true'], Interval: 90e9, Retries: 2 })
})

function fault(work: () => unknown): readonly string[] | undefined {
  try {
    work()
  } catch (error) {
    return isFault(error) ? [error.code, error.kind] : undefined
  }
  return undefined
}
