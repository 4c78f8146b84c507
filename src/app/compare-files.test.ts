import { expect, test } from 'vitest'
import { memoryTree } from '../../test/support/memory-tree.ts'
import type { WeighedFile } from '../gate/index.ts'
import { compareFiles, type FileSide } from './compare-files.ts'

/** Files by path, each with its content and, after a bar, its origin. */
function side(files: Readonly<Record<string, string>>): FileSide {
  const parts = Object.entries(files).map(([path, text]) => {
    const [content = '', what = 'app'] = text.split('|')
    return { path, content, what }
  })
  const tree = memoryTree([
    Object.fromEntries(parts.map(({ path, content }) => [path, { text: content }])),
  ])
  return {
    tree,
    files: parts.map(
      ({ path, content, what }): WeighedFile => ({
        ...{ path, what, bytes: content.length, layer: 0 },
        ...{ category: 'other', confidence: 'C' },
      }),
    ),
  }
}

test('what differs is summed by its origin, largest first, and says where most of it lies', () => {
  const { changes, moves } = compareFiles(
    side({
      '/usr/lib/gcc/cc1': `${'x'.repeat(90)}|gcc`,
      '/usr/share/doc/gcc': 'y|gcc',
      '/etc/a': 'same|base',
      '/etc/b': 'short|base',
    }),
    side({ '/etc/a': 'same|base', '/etc/b': 'much longer|base', '/app/new.py': 'new|app' }),
  )
  expect(changes).toEqual([
    { what: 'gcc', path: '/usr/lib/gcc/cc1', files: 2, before: 91, after: 0 },
    { what: 'base', path: '/etc/b', files: 1, before: 5, after: 11 },
    { what: 'app', path: '/app/new.py', files: 1, before: 0, after: 3 },
  ])
  expect(moves).toEqual([])
})

test('several files in one place are there, spread ones where all of them are', () => {
  const files = { '/a/b/x': '12345|p', '/a/b/y': '12345|p', '/a/c': '1234|p' }
  const { changes } = compareFiles(side({}), side(files))
  expect(changes.map(({ path }) => path)).toEqual(['/a'])
  const apart = compareFiles(side({}), side({ '/a': '12345|p', '/b': '12345|p' }))
  expect(apart.changes.map(({ path }) => path)).toEqual(['/'])
})

test('the same bytes under another directory have moved, other bytes of the same name and size have not', () => {
  const { changes, moves } = compareFiles(
    side({
      '/usr/lib/python3.11/site/pkg/a.py': 'aaaa',
      '/usr/lib/python3.11/site/pkg/b.py': 'bbbb',
      '/usr/lib/python3.11/site/pkg/c.py': 'cccc',
      '/usr/lib/python3.11/site/pkg/__init__.py': '',
    }),
    side({
      '/venv/lib/site/pkg/a.py': 'aaaa',
      '/venv/lib/site/pkg/b.py': 'bbbb',
      '/venv/lib/site/pkg/c.py': 'dddd',
      '/venv/lib/site/pkg/__init__.py': '',
    }),
  )
  expect(moves).toEqual([{ from: '/usr/lib/python3.11', to: '/venv/lib', files: 2, bytes: 8 }])
  // As many bytes as before under one name: that is no change of its weight.
  expect(changes).toEqual([])
})

test('two files that are alike move to two places', () => {
  const { moves } = compareFiles(
    side({ '/a/x': 'same', '/b/x': 'same' }),
    side({ '/c/x': 'same', '/d/x': 'same', '/e/x': 'same' }),
  )
  expect(moves.map(({ from, to }) => [from, to])).toEqual([
    ['/a', '/c'],
    ['/b', '/d'],
  ])
})
