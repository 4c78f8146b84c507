import { expect, test } from 'vitest'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import { type Side, sideOf } from '../side.ts'
import { compareAppFiles } from './app-files.ts'

const passwd = 'root:x:0:0::/root:/bin/sh\napp:x:1001:1001::/:/bin/sh\nops:x:1002:0::/:/bin/sh\n'

function side(name: string, mode: number, user: string): Side {
  const own: Readonly<Record<string, Spec>> = {
    '/app/templates': { dir: true, mode },
    '/app/templates/a.html': '<p>',
  }
  return sideOf(
    subjectOf({
      name,
      layers: [{ '/etc/passwd': passwd }, own],
      baseLayers: 1,
      config: { User: user, WorkingDir: '/app' },
    }),
  )
}

const failures = (fat: number, lean: number, user: string): readonly string[] =>
  compareAppFiles(side('fat', fat, user), side('lean', lean, user)).failures.map(
    ({ message }) => message,
  )

test.each(['', 'root', 'app', '1001', '1003:1003'])(
  'what root’s group may write is no matter of %o',
  (user) => {
    expect(failures(0o775, 0o755, user)).toEqual([])
  },
)

test.each(['ops', '1002', '1003', 'app:0', '1003:root'])('%s is of that group', (user) => {
  expect(failures(0o775, 0o755, user)).toEqual(['/app/templates: another mode or owner'])
})

test('what others may do always counts', () => {
  expect(failures(0o777, 0o755, '')).toEqual(['/app/templates: another mode or owner'])
  expect(failures(0o755, 0o700, '')).toEqual(['/app/templates: another mode or owner'])
})
