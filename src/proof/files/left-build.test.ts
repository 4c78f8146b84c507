import { expect, test } from 'vitest'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import { type Side, sideOf } from '../side.ts'
import { compareAppFiles } from './app-files.ts'

const app = { '/application/Main.class': 'class', '/application/lib/a.jar': 'jar' }

const build: Readonly<Record<string, Spec>> = {
  '/workspace/pom.xml': '<project/>',
  '/workspace/src/main/java/Main.java': 'class Main {}',
  '/workspace/target/classes/Main.class': 'class',
  '/workspace/target/app.jar': 'jar',
  '/workspace/data/table.csv': '1,2',
}

type Changes = {
  readonly files?: Readonly<Record<string, Spec>>
  readonly workdir?: string
  readonly env?: readonly string[]
}

function missing({ files = {}, workdir = '/application', env = [] }: Changes): readonly string[] {
  const java = { '/opt/java/bin/java': { text: 'x', mode: 0o755 } }
  const side = (name: string, own: Readonly<Record<string, Spec>>): Side =>
    sideOf(
      subjectOf({
        name,
        layers: [java, own],
        baseLayers: 1,
        history: ['base', 'RUN /bin/sh -c mvn package'],
        config: {
          WorkingDir: workdir,
          Env: ['PATH=/opt/java/bin', ...env],
          Cmd: ['java', '-cp', '/application:/application/lib/*', 'Main'],
        },
      }),
    )
  const lean = { ...app, ...files, [workdir]: { dir: true } } as const
  const { failures } = compareAppFiles(
    side('fat', { ...app, ...build, ...files }),
    side('lean', lean),
  )
  return failures.map(({ path }) => path ?? '')
}

test('the folder that Java was built in is left when nothing leads to it', () => {
  expect(missing({})).toEqual([])
})

test('it stays when the image works in it, a variable names it, or a class does', () => {
  const table = '/workspace/data/table.csv'
  expect(missing({ workdir: '/workspace' })).toContain(table)
  expect(missing({ env: ['DATA=/workspace/data'] })).toContain(table)
  expect(missing({ files: { '/application/B.class': 'x/workspace/data/y' } })).toContain(table)
})
