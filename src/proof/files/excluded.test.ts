import { expect, test } from 'vitest'
import { memoryTree } from '../../../test/support/memory-tree.ts'
import { sideOf } from '../side.ts'
import { leftOutByPackageManager } from './excluded.ts'

const cfg = '/etc/dpkg/dpkg.cfg.d/docker'

function side(layers: Parameters<typeof memoryTree>[0], baseLayers: number) {
  const id = `sha256:${'0'.repeat(64)}` as const
  return sideOf({
    name: 'x',
    id: id as never,
    config: {
      architecture: 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [] },
      history: [],
    },
    tree: memoryTree(layers),
    baseLayers,
    size: 0,
  })
}

test('what the base leaves out is its choice; a rule of the Dockerfile excuses nothing', () => {
  const rules = { [cfg]: 'path-exclude /usr/share/man/*\npath-include /usr/share/man/keep\n' }
  const fat = side([{}], 1)
  const ofBase = leftOutByPackageManager(fat, side([rules], 1))
  expect(ofBase('/usr/share/man/man1/ls.1')).toBe(true)
  expect(ofBase('/usr/share/man/keep')).toBe(false)
  expect(ofBase('/usr/lib/libx.so')).toBe(false)
  const own = side([{ '/etc/os-release': '' }, { [cfg]: 'path-exclude /*\n' }], 1)
  expect(leftOutByPackageManager(fat, own)('/usr/lib/libx.so')).toBe(false)
})

test('a pattern with brackets is no crash', () => {
  const odd = side([{ [cfg]: 'path-exclude /usr/share/[a\npath-exclude /b]*\n' }], 1)
  expect(leftOutByPackageManager(side([{}], 1), odd)('/usr/share/[a')).toBe(true)
})
