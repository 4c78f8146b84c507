import { expect, test } from 'vitest'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { examined, messages } from '../../../test/support/static-rung.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import type { ContainerConfig } from '../../image/index.ts'
import type { Finding } from '../rung.ts'
import { filesRung } from './p2-files.ts'
import { dependenciesRung } from './p4-dependencies.ts'

type Files = Readonly<Record<string, Spec>>
type Images = { readonly base: readonly [Files, Files]; readonly own: readonly [Files, Files] }

const line = 'RUN /bin/sh -c mkdir -p /tmp/uploads && apt-get install -y aspell'

function judged(
  rung: typeof filesRung,
  { base: [fatBase, leanBase], own: [fatOwn, leanOwn] }: Images,
  env: readonly string[] = [],
  command: readonly string[] = [],
): Promise<Finding> {
  const started = command.length === 0 ? {} : { Cmd: [...command] }
  const config: ContainerConfig = { Env: ['PATH=/usr/bin:/bin', ...env], ...started }
  const history = ['base', line]
  return examined(
    rung,
    subjectOf({ name: 'fat', layers: [fatBase, fatOwn], config, history }),
    subjectOf({ name: 'lean', layers: [leanBase, leanOwn], config, history }),
  )
}

const program: Spec = { text: 'x', mode: 0o755 }

test('P2: a directory in /tmp is missed by an app that looks for it there, and by no other', async () => {
  const uploads = { '/tmp/uploads': { dir: true } } as const
  const of = (text: string): Promise<Finding> =>
    judged(filesRung, {
      base: [{}, {}],
      own: [{ '/app/main.py': text, ...uploads }, { '/app/main.py': text }],
    })
  const looks = 'import os, tempfile\nos.listdir(os.path.join(tempfile.gettempdir(), "uploads"))\n'
  expect((await of(looks)).evidence[0]?.path).toBe('/tmp/uploads')
  expect((await of('uploads = 1\n')).status).toBe('pass')
})

test('P2: a module of Perl is missed by a script that uses it, and by a source that asks for it', async () => {
  const perl = { '/usr/bin/perl': program }
  const module = { '/usr/share/perl/5.36.0/JSON/PP.pm': 'x' }
  const of = (files: Files): Promise<Finding> =>
    judged(filesRung, { base: [{ ...perl, ...module }, perl], own: [files, files] })
  const script = { '/app/x.pl': 'use strict;\nuse JSON::PP;\n' }
  expect(messages(await of(script))).toContain('the Perl module JSON::PP, which /app/x.pl uses')
  const caller = { '/app/main.py': 'run(["perl", "-MJSON::PP", "-e", "1"])\n' }
  expect(messages(await of(caller))).toContain('the Perl module JSON::PP')
  expect((await of({ '/app/x.pl': 'use strict;\n' })).status).toBe('pass')
})

test('P2: a program that a variable names is missed by an app that asks for the variable', async () => {
  const of = (text: string): Promise<Finding> =>
    judged(
      filesRung,
      {
        base: [{ '/usr/bin/make': program }, {}],
        own: [{ '/app/main.py': text }, { '/app/main.py': text }],
      },
      ['RUNNER=make'],
    )
  expect(messages(await of('import os\nos.environ["RUNNER"]\n'))).toContain('named by ENV RUNNER')
  expect((await of('print(1)\n')).status).toBe('pass')
})

test('P2: a plug-in that only lean has beside those of the app is different', async () => {
  const own = { '/opt/plugins/b.py': 'x' }
  const of = (more: Files): Promise<Finding> =>
    judged(filesRung, { base: [{}, {}], own: [own, { ...own, ...more }] })
  expect((await of({ '/opt/plugins/a.py': 'y' })).evidence[0]?.path).toBe('/opt/plugins/a.py')
  expect((await of({ '/opt/plugins/README': 'y', '/opt/other/a.py': 'y' })).status).toBe('pass')
})

test('P2: the table of MIME types is missed by an app that asks for types', async () => {
  const of = (text: string): Promise<Finding> =>
    judged(filesRung, {
      base: [{ '/etc/mime.types': 'model/vrml wrl\n' }, {}],
      own: [{ '/app/main.py': text }, { '/app/main.py': text }],
    })
  expect((await of('import mimetypes\n')).evidence[0]?.path).toBe('/etc/mime.types')
  expect((await of('print(1)\n')).status).toBe('pass')
})

test('P2: a server of Node has the types of what it serves in a package', async () => {
  const of = (Cmd: readonly string[]): Promise<Finding> => {
    const below = { [`/usr/bin/${Cmd[0]}`]: { text: 'x', mode: 0o755 } }
    const own = { '/app/logo.woff2': 'x' }
    return judged(
      filesRung,
      { base: [{ ...below, '/etc/mime.types': 'font/woff2 woff2\n' }, below], own: [own, own] },
      [],
      Cmd,
    )
  }
  expect((await of(['node', 'main.js'])).status).toBe('pass')
  expect((await of(['tini', 'main.js'])).evidence[0]?.path).toBe('/etc/mime.types')
})

test('P4: what came with a named package by recommendation is missed, unless something else does', async () => {
  const files = (names: readonly string[]): Files => {
    const stanza = (name: string): string =>
      `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: all\nSection: text\n` +
      (name === 'aspell'
        ? 'Recommends: aspell-en | aspell-dictionary\n'
        : 'Provides: aspell-dictionary\n')
    return Object.fromEntries([
      ['/var/lib/dpkg/status', names.map(stanza).join('\n')],
      ...names.flatMap((name) => [
        [`/var/lib/dpkg/info/${name}.list`, `/.\n/usr/share/${name}/x\n`],
        [`/usr/share/${name}/x`, 'x'],
      ]),
    ]) as Files
  }
  const of = (fat: readonly string[], lean: readonly string[]): Promise<Finding> =>
    judged(dependenciesRung, { base: [{}, {}], own: [files(fat), files(lean)] })
  const found = await of(['aspell', 'aspell-en'], ['aspell'])
  expect(found.evidence[0]).toMatchObject({
    message: expect.stringContaining('aspell-en 1, which aspell recommends') as unknown,
    missing: { kind: 'package', name: 'aspell-en' },
  })
  expect((await of(['aspell', 'aspell-en'], ['aspell', 'aspell-de'])).status).toBe('pass')
  expect((await of(['aspell'], ['aspell'])).status).toBe('pass')
})
