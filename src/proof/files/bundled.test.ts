import { expect, test } from 'vitest'
import { subjectOf } from '../../../test/support/subjects.ts'
import { type Side, sideOf } from '../side.ts'
import { compareAppFiles } from './app-files.ts'

function missing(bundle: string): readonly string[] {
  const side = (name: string, more: Readonly<Record<string, string>>): Side =>
    sideOf(
      subjectOf({
        name,
        layers: [{}, { '/app/dist/server.js': bundle, ...more }],
        history: ['base', 'RUN /bin/sh -c npm run build'],
        config: { WorkingDir: '/app', Cmd: ['node', 'dist/server.js'] },
      }),
    )
  const fat = side('fat', { '/app/src/worker.ts': 'export {}' })
  return compareAppFiles(fat, side('lean', {})).failures.map(({ path }) => path ?? '')
}

test('a source that only a comment of the bundle names was compiled away', () => {
  expect(missing('// src/worker.ts\nvar worker = {}\n')).toEqual([])
})

test('a source that the bundle opens is missed', () => {
  expect(missing('start("./src/worker.ts")\n')).toEqual(['/app/src/worker.ts'])
})
