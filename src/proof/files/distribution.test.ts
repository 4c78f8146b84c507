import { expect, test } from 'vitest'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import { type Side, sideOf } from '../side.ts'
import { compareAppFiles } from './app-files.ts'

const start: Spec = { text: '#!/bin/sh\negrep -c x\nexec "$JAVACMD" "$@"\n', mode: 0o755 }

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

/** A script of the system, with words that are only known at run time. */
const egrep: Readonly<Record<string, Spec>> = {
  '/usr/bin/egrep': { text: '#!/bin/sh\nexec grep -E "$given"\n', mode: 0o755 },
}

const ofPackage: Readonly<Record<string, Spec>> = {
  '/var/lib/dpkg/status':
    'Package: grep\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n',
  '/var/lib/dpkg/info/grep.list': '/usr/bin/egrep\n',
}

function missing(cmd: string, base: Readonly<Record<string, Spec>> = {}): readonly string[] {
  const side = (name: string, own: Readonly<Record<string, Spec>>): Side =>
    sideOf(
      subjectOf({
        name,
        layers: [{ '/bin/sh': { text: 'x', mode: 0o755 }, ...base }, own],
        history: ['base', 'RUN /bin/sh -c gradle --no-daemon installDist'],
        config: { WorkingDir: '/app', Cmd: [cmd], Env: ['PATH=/usr/bin:/bin'] },
      }),
    )
  const fat = side('fat', { ...build, ...installed })
  return compareAppFiles(fat, side('lean', installed)).failures.map(({ path }) => path ?? '')
}

test('what Gradle made an installed distribution of is left', () => {
  expect(missing('build/install/echo/bin/echo')).toEqual([])
})

test('what a script of the system is given is said where it is called', () => {
  const cmd = 'build/install/echo/bin/echo'
  expect(missing(cmd, { ...egrep, ...ofPackage })).toEqual([])
  expect(missing(cmd, egrep)).toContain('/app/build/classes/java/main/Echo.class')
})

test('another start script of the build is missed', () => {
  expect(missing('build/scripts/echo')).toContain('/app/build/scripts/echo')
})
