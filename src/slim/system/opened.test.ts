import { expect, test } from 'vitest'
import { memoryTree } from '../../../test/support/memory-tree.ts'
import { readDpkg } from '../../analysis/index.ts'
import { type OpenedNeed, openedNeeds } from './opened.ts'

const tree = memoryTree([
  {
    '/var/lib/dpkg/status':
      'Package: media-types\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n',
    '/var/lib/dpkg/info/media-types.list': '/etc/mime.types\n',
    '/etc/mime.types': 'font/woff2 woff2\n',
  },
])

function needs(files: readonly string[], has = false): readonly OpenedNeed[] {
  const db = readDpkg(tree)
  if (!db) throw new Error('no package database')
  return openedNeeds({
    ...{ tree, db, files, distributions: [], sources: [] },
    config: {
      ...{ architecture: 'amd64', os: 'linux', config: {}, history: [] },
      rootfs: { type: 'layers', diff_ids: [] },
    },
    lean: { has: () => has, hasPackage: () => has, bytes: null },
  })
}

test('types of files are needed by what serves a file whose type no language knows', () => {
  expect(needs(['/app/site.css', '/usr/local/lib/python3.11/site-packages/ui/a.woff2'])).toEqual([
    { package: 'media-types', what: '/etc/mime.types', by: 'what serves ui/a.woff2' },
  ])
  expect(needs(['/app/site.css'])).toEqual([])
  expect(needs(['/app/a.woff2'], true)).toEqual([])
})
