import { expect, test } from 'vitest'
import { memoryTree } from '../../../test/support/memory-tree.ts'
import { type PackageDatabase, readDpkg } from '../../analysis/index.ts'
import { withoutImplied } from './dependencies.ts'

function installed(depends: Readonly<Record<string, string>>): PackageDatabase {
  const status = Object.entries(depends)
    .map(
      ([name, on]) =>
        `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n${on === '' ? '' : `Depends: ${on}\n`}`,
    )
    .join('\n')
  const db = readDpkg(memoryTree([{ '/var/lib/dpkg/status': status }]))
  if (!db) throw new Error('no package database')
  return db
}

const db = installed({
  fontconfig: 'dejavu | liberation | bitstream',
  pango: 'fontconfig (>= 2), libc6',
  dejavu: '',
  liberation: '',
  libc6: '',
})

test('what another package brings along is not named', () => {
  expect(withoutImplied(db, ['libc6', 'pango', 'dejavu'])).toEqual(['pango'])
})

test('an alternative is brought along only when it would be taken: the first, and no other named', () => {
  expect(withoutImplied(db, ['pango', 'liberation'])).toEqual(['pango', 'liberation'])
  expect(withoutImplied(db, ['pango', 'dejavu', 'liberation'])).toEqual([
    'pango',
    'dejavu',
    'liberation',
  ])
})
