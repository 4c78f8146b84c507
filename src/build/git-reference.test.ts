import { expect, test } from 'vitest'
import { parseGitReference } from './git-reference.ts'

const plain = { ref: '', subdir: '', keepGitDir: null, checksum: null, submodules: true }

test.each([
  ['https://host/a/b.git', { remote: 'https://host/a/b.git' }],
  ['https://host/a.git#v1:sub/dir', { remote: 'https://host/a.git', ref: 'v1', subdir: 'sub/dir' }],
  ['https://host/a.git#:sub', { remote: 'https://host/a.git', subdir: 'sub' }],
  ['git@host:a/b.git#main', { remote: 'git@host:a/b.git', ref: 'main' }],
  ['ssh://git@host:22/a', { remote: 'ssh://git@host:22/a' }],
  ['git://host/a', { remote: 'git://host/a' }],
  ['github.com/a/b', { remote: 'https://github.com/a/b' }],
  ['https://host/a.git?branch=main', { remote: 'https://host/a.git', ref: 'refs/heads/main' }],
  [
    'https://host/a.git?tag=v1&subdir=/x/../y',
    { remote: 'https://host/a.git', ref: 'refs/tags/v1', subdir: 'y' },
  ],
  [
    'https://host/a.git?keep-git-dir=true&submodules=false',
    { remote: 'https://host/a.git', keepGitDir: true, submodules: false },
  ],
  [
    'https://host/a.git#../../..:../../etc',
    { remote: 'https://host/a.git', ref: '../../..', subdir: 'etc' },
  ],
])('%s', (text, wanted) => {
  expect(parseGitReference(text)).toEqual({ ...plain, ...wanted })
})

test.each(['foo', './a.git', 'a/b.git', 'https://host/file.tar', 'http://host/', '/abs.git'])(
  '%s is no repository',
  (text) => {
    expect(parseGitReference(text)).toBeNull()
  },
)

test.each([
  ['https://host/a.git?what=1', 'unexpected query'],
  ['https://host/a.git#main?x', null],
  ['https://host/a.git?branch=a#b', 'ref conflicts'],
  ['https://host/a.git?checksum=xyz', 'invalid checksum'],
  ['https://host/a.git#--upload-pack=x', 'invalid git reference'],
])('%s cannot be used', (text, message) => {
  const found = parseGitReference(text)
  if (message === null) expect(typeof found).toBe('object')
  else expect(found).toContain(message)
})
