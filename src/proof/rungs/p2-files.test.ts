import { expect, test } from 'vitest'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { examined, messages } from '../../../test/support/static-rung.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import type { ContainerConfig } from '../../image/index.ts'
import type { Finding } from '../rung.ts'
import { filesRung } from './p2-files.ts'

type Files = Readonly<Record<string, Spec>>

function files(
  fat: Files,
  lean: Files,
  config: ContainerConfig = {},
  ofBase: Files = {},
): Promise<Finding> {
  const base = {
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    '/bin/sh': { text: 'x', mode: 0o755 },
    ...ofBase,
  }
  const history = [
    'base',
    'RUN /bin/sh -c apt-get update && apt-get install -y gcc && pip install -r requirements.txt',
  ]
  return examined(
    filesRung,
    subjectOf({ name: 'fat', layers: [base, fat], config, history }),
    subjectOf({ name: 'lean', layers: [base, lean], config, history }),
  )
}

const app: Files = { '/app/main.py': 'print(1)\n' }

test('P2: content, mode, owner, kind and target must be equal', async () => {
  expect((await files(app, app)).status).toBe('pass')
  const changes: readonly Files[] = [
    {},
    { '/app/main.py': 'print(2)\n' },
    { '/app/main.py': { text: 'print(1)\n', mode: 0o600 } },
    { '/app/main.py': { text: 'print(1)\n', uid: 1000 } },
    { '/app/main.py': { link: '/bin/sh' } },
  ]
  for (const change of changes) {
    const found = await files(app, change)
    expect([found.status, found.evidence[0]?.path], messages(found)).toEqual([
      'fail',
      '/app/main.py',
    ])
  }
})

test("P2: the empty directory of Debian's Python is no part of the app, and what is in it may be", async () => {
  const path = '/usr/local/lib/python3.11/dist-packages'
  expect((await files({ ...app, [path]: { dir: true } }, app)).status).toBe('pass')
  const found = await files({ ...app, [`${path}/tool.py`]: 'x' }, app)
  expect(found.evidence[0]?.path, messages(found)).toBe(`${path}/tool.py`)
})

test('P2: a file that only lean has where code is looked for is different', async () => {
  const config = { WorkingDir: '/app' }
  const added = { ...app, '/app/sitecustomize.py': 'x' }
  expect((await files(app, added, config)).evidence[0]?.path).toBe('/app/sitecustomize.py')
  expect((await files(app, { ...app, '/opt/notes': 'x' }, config)).status).toBe('pass')
})

test.each([
  '/tmp/build/x',
  '/var/lib/apt/lists/x',
  '/root/.cache/pip/x',
  '/app/__pycache__/main.cpython-311.pyc',
  '/app/.git/HEAD',
  '/app/Dockerfile',
  '/usr/local/include/x.h',
  '/usr/local/lib/x.a',
  '/etc/ld.so.cache',
  '/app/requirements.txt',
])('P2: the absence of %s is explained', async (path) => {
  const found = await files({ ...app, [path]: 'x' }, app)
  expect(found.status, messages(found)).toBe('pass')
  expect(messages(found)).toContain('explained')
})

test.each([
  '/root/.cache/huggingface/model.bin',
  '/app/__pycache__/gone.cpython-311.pyc',
  '/app/.env',
  '/var/lib/app/state.db',
  '/usr/local/bin/tool',
  '/opt/data/x',
])('P2: the absence of %s is not', async (path) => {
  const found = await files({ ...app, [path]: 'x' }, app)
  expect(found.evidence[0]).toMatchObject({ path, missing: { kind: 'file', path } })
})

test('P2: a list of requirements that a source reads stays needed', async () => {
  const reads = { '/app/main.py': 'open("requirements.txt")\n' }
  expect((await files({ ...reads, '/app/requirements.txt': 'x' }, reads)).status).toBe('fail')
})

test('P2: an empty directory of the app must be there, with its owner', async () => {
  const data = { ...app, '/app/data': { dir: true, uid: 1000 } } as const
  expect((await files(data, app)).status).toBe('fail')
  expect((await files(data, { ...app, '/app/data': { dir: true } })).status).toBe('fail')
  expect((await files(data, data)).status).toBe('pass')
})

test('P2: users of people, of files and of USER must be there', async () => {
  const passwd = (lines: string): Files => ({
    ...app,
    '/etc/passwd': `root:x:0:0::/root:/bin/sh\n${lines}`,
  })
  const person = passwd('app:x:1000:1000::/home/app:/bin/sh\n')
  expect((await files(person, app)).evidence[0]?.missing).toEqual({ kind: 'user', name: 'app' })
  const system = passwd('dbus:x:101:101::/:/bin/false\n')
  expect((await files(system, app)).status).toBe('pass')
  const owned = { ...system, '/app/main.py': { text: 'print(1)\n', uid: 101 } }
  expect(
    (await files(owned, { ...app, '/app/main.py': { text: 'print(1)\n', uid: 101 } })).status,
  ).toBe('fail')
  expect((await files(system, app, { User: 'dbus' })).status).toBe('fail')
})

test('P2: links, first lines, started programs and called programs must lead somewhere', async () => {
  const tool = { '/usr/bin/tool': { text: 'x', mode: 0o755 } } as const
  const failing = async (extra: Files, config: ContainerConfig = {}): Promise<unknown> => {
    const found = await files({ ...app, ...extra, ...tool }, { ...app, ...extra }, config)
    return found.evidence.flatMap(({ missing }) => missing?.kind ?? [])
  }
  expect(await failing({ '/app/link': { link: '/usr/bin/tool' } })).toEqual(['file', 'file'])
  expect(await failing({ '/app/x': { text: '#!/usr/bin/tool\n', mode: 0o755 } })).toContain(
    'interpreter',
  )
  expect(await failing({ '/app/x': { text: '#!/usr/bin/env tool\n', mode: 0o755 } })).toContain(
    'interpreter',
  )
  expect(await failing({}, { Cmd: ['tool', 'serve'] })).toContain('program')
  expect(await failing({}, { Cmd: ['/bin/sh', '-c', 'tool serve'] })).toContain('program')
  expect(
    await failing({ '/app/y.py': 'import subprocess\nsubprocess.run(["tool", "x"])\n' }),
  ).toContain('program')
})

test('P2: a program that fat does not have either is no evidence', async () => {
  const found = await files({}, {}, { Cmd: ['nothing-here'] })
  expect([found.status, found.examined]).toEqual(['unproven', 0])
})

test('P2: data that libraries read by path, and paths in the environment', async () => {
  const bundle = {
    '/etc/ssl/certs/ca-certificates.crt':
      '-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n',
  }
  expect((await files({ ...app, ...bundle }, app)).evidence[0]?.package).toBe('ca-certificates')
  const two = {
    '/etc/ssl/certs/ca-certificates.crt': `${bundle['/etc/ssl/certs/ca-certificates.crt']}-----BEGIN CERTIFICATE-----\nB\n-----END CERTIFICATE-----\n`,
  }
  expect((await files({ ...app, ...two }, { ...app, ...bundle })).status).toBe('fail')
  const set = await files({ ...app, '/var/cache/apt/x/y': 'x' }, app, {
    Env: ['CACHE=/var/cache/apt/x'],
  })
  expect(set.status).toBe('pass')
})

test('P2: a link whose target is documentation in fat may lead nowhere, another one may not', async () => {
  const links = (target: string): Promise<Finding> => {
    const link: Files = { '/usr/share/tool/README': { link: target } }
    return files({ ...app, ...link, [target]: 'x' }, { ...app, ...link })
  }
  const spared = await links('/usr/share/doc/tool/README')
  expect(spared.status, messages(spared)).toBe('pass')
  expect(messages(await links('/usr/share/tool-data/README'))).toContain('the target is missing')
})

test('P2: a path that the app names literally is missed, whoever owns it; maintainer scripts are not the app', async () => {
  const named = { '/app/main.py': 'open("/usr/share/x/data")\n' }
  const data = { '/usr/share/x/data': 'x' }
  const config = { WorkingDir: '/app' }
  const postinst = {
    '/var/lib/dpkg/info/x.postinst': { text: '#!/bin/sh\nls /usr/share/x/data\n', mode: 0o755 },
  }
  const withBase = (fat: Files, lean: Files): Promise<Finding> =>
    examined(
      filesRung,
      subjectOf({ name: 'fat', layers: [data, fat], config }),
      subjectOf({ name: 'lean', layers: [{}, lean], config }),
    )
  expect(messages(await withBase(named, named))).toContain(
    '/usr/share/x/data, which /app/main.py names, is missing in lean',
  )
  expect(messages(await withBase({ ...app, ...postinst }, app))).not.toContain('names')
})

test('P2: the commands of a script that the app names are missed, those of a developer are not', async () => {
  const git = { '/usr/bin/git': { text: 'x', mode: 0o755 } }
  const script = { '/app/x.sh': '#!/bin/sh\ngit rev-parse HEAD\n' }
  const config = { Env: ['PATH=/usr/bin:/bin'] }
  const both = (files: Files): Promise<Finding> =>
    examined(
      filesRung,
      subjectOf({ name: 'fat', layers: [git, files], config }),
      subjectOf({ name: 'lean', layers: [{}, files], config }),
    )
  const caller = { '/app/main.py': 'import os\nos.system("sh x.sh")\n' }
  expect(messages(await both({ ...script, ...caller }))).toContain('git (run by /app/x.sh)')
  expect((await both({ ...script, ...app })).status).toBe('pass')
})

test('P2: what COPY brought is the project’s wherever it lies', async () => {
  const model = { '/tmp/model.bin': 'x' }
  const of = (line: string): Promise<Finding> =>
    examined(
      filesRung,
      subjectOf({ name: 'fat', layers: [{}, { ...app, ...model }], history: ['base', line] }),
      subjectOf({ name: 'lean', layers: [{}, app], history: ['base', line] }),
    )
  expect((await of('COPY . / # buildkit')).evidence[0]?.path).toBe('/tmp/model.bin')
  expect((await of('RUN /bin/sh -c make # buildkit')).status).toBe('pass')
})

test('P2: what the lean base leaves out of every package is no difference, unless the app speaks the language', async () => {
  const package_ = 'Package: gawk\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n'
  const packages: Files = {
    '/var/lib/dpkg/status': package_,
    '/var/lib/dpkg/info/gawk.list':
      '/usr/bin/gawk\n/usr/share/locale/de/LC_MESSAGES/gawk.mo\n/usr/share/doc/gawk/copyright\n/usr/share/awk/a.awk\n',
    '/usr/bin/gawk': { text: 'x', mode: 0o755 },
  }
  const rules: Files = {
    '/etc/dpkg/dpkg.cfg.d/slim':
      'path-exclude=/usr/share/locale/*\npath-exclude /usr/share/doc/*\npath-include=/usr/share/doc/*/copyright\n',
  }
  const lean = { ...app, ...packages }
  const translated = { ...lean, '/usr/share/locale/de/LC_MESSAGES/gawk.mo': 'x' }
  expect((await files(translated, lean, {}, rules)).status).toBe('pass')
  const german = await files(translated, lean, { Env: ['LANG=de_DE.UTF-8'] }, rules)
  expect(german.evidence[0]?.path).toBe('/usr/share/locale/de/LC_MESSAGES/gawk.mo')
  const own = await files({ ...translated, ...rules }, { ...lean, ...rules })
  expect(own.evidence[0]?.path).toBe('/usr/share/locale/de/LC_MESSAGES/gawk.mo')
  const data = await files({ ...lean, '/usr/share/awk/a.awk': 'x' }, lean, {}, rules)
  expect(data.evidence[0]?.path).toBe('/usr/share/awk/a.awk')
})
