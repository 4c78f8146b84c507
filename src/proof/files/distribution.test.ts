import { expect, test } from 'vitest'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import { type Side, sideOf } from '../side.ts'
import { compareAppFiles } from './app-files.ts'

const start: Spec = { text: '#!/bin/sh\nexec "$JAVACMD" "$@"\n', mode: 0o755 }

const installed: Readonly<Record<string, Spec>> = {
  '/app/build/install/echo/bin/echo': start,
  '/app/build/install/echo/lib/echo.jar': 'jar',
}

const build: Readonly<Record<string, Spec>> = {
  '/app/build.gradle': '',
  '/app/src/main/java/Echo.java': 'class Echo {}',
  '/app/build/classes/java/main/Echo.class': 'class',
  '/app/build/libs/echo.jar': 'jar',
  '/app/build/scripts/echo': start,
}

function missing(cmd: string): readonly string[] {
  const side = (name: string, own: Readonly<Record<string, Spec>>): Side =>
    sideOf(
      subjectOf({
        name,
        layers: [{ '/bin/sh': { text: 'x', mode: 0o755 } }, own],
        history: ['base', 'RUN /bin/sh -c gradle --no-daemon installDist'],
        config: { WorkingDir: '/app', Cmd: [cmd], Env: ['PATH=/bin'] },
      }),
    )
  const fat = side('fat', { ...build, ...installed })
  return compareAppFiles(fat, side('lean', installed)).failures.map(({ path }) => path ?? '')
}

test('what Gradle made an installed distribution of is left', () => {
  expect(missing('build/install/echo/bin/echo')).toEqual([])
})

test('another start script of the build is missed', () => {
  expect(missing('build/scripts/echo')).toContain('/app/build/scripts/echo')
})
