import { expect, test } from 'vitest'
import { memoryTree } from '../../../test/support/memory-tree.ts'
import { readDpkg } from '../../analysis/index.ts'
import { keptFiles } from '../system/index.ts'
import { estimateOf, refuseSmallGain } from './gain.ts'

test('bytecode of what is kept counts: pip makes it again', () => {
  const tree = memoryTree([
    { '/var/lib/dpkg/status': 'Package: gcc\nStatus: install ok installed\nVersion: 1\n' },
    {
      '/site/a.py': 'a'.repeat(700),
      '/site/__pycache__/a.cpython-311.pyc': 'c'.repeat(250),
      '/site/__pycache__/gone.cpython-311.pyc': 'c'.repeat(50),
    },
  ])
  const db = readDpkg(tree)
  if (!db) throw new Error('no package database')
  const estimate = estimateOf({
    ...{ tree, db, kept: keptFiles(tree, db, 1), packages: [] },
    lean: { has: () => false, hasPackage: () => false, bytes: 0 },
  })
  expect(estimate?.leanBytes).toBe(950)
  const saved = { fatBytes: 1000, leanBytes: estimate?.leanBytes ?? 0 }
  expect(refuseSmallGain(saved)).toMatchObject({
    code: 'gain-too-small',
    message: 'a second stage would save 5 % of 1kB',
  })
})
