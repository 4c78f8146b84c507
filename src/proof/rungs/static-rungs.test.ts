import { readdirSync, realpathSync } from 'node:fs'
import { expect, test } from 'vitest'
import { debianRoot } from '../../../test/support/debian-root.ts'
import { hostTree } from '../../../test/support/host-tree.ts'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { examined, messages } from '../../../test/support/static-rung.ts'
import { subjectOf, subjectOver } from '../../../test/support/subjects.ts'
import type { ContainerConfig } from '../../image/index.ts'
import type { Subject } from '../ports.ts'
import type { Finding } from '../rung.ts'
import { installsIn } from './installs.ts'
import { configRung } from './p1-config.ts'
import { elfRung } from './p3-elf.ts'
import { dependenciesRung } from './p4-dependencies.ts'
import { negativeRung } from './p6-negative.ts'
import { sizeRung } from './p10-size.ts'

type Files = Readonly<Record<string, Spec>>

const app: Files = { '/app/main.py': 'print(1)\n' }

async function configs(
  fat: ContainerConfig,
  lean: ContainerConfig,
  bases?: readonly [ContainerConfig, ContainerConfig],
): Promise<Finding> {
  const [a, b] = [fat, lean].map((config, at) => subjectOf({ name: `${at}`, layers: [{}], config }))
  if (!a || !b) throw new Error('unreachable')
  return examined(configRung, a, b, bases ? { bases } : {})
}

test('P1: each setting is compared, spelling apart', async () => {
  const config: ContainerConfig = {
    Cmd: ['a'],
    Env: ['A=1', 'PATH=/bin'],
    ExposedPorts: { '5000/tcp': {} },
    StopSignal: 'SIGTERM',
    WorkingDir: '/app/',
  }
  const same = {
    ...config,
    Env: ['PATH=/bin', 'A=1'],
    ExposedPorts: { '5000': {} },
    StopSignal: '15',
    WorkingDir: '/app',
  }
  expect((await configs(config, same)).status).toBe('pass')
  const changes: readonly ContainerConfig[] = [
    { Cmd: ['b'] },
    { Entrypoint: ['b'] },
    { Env: ['A=2', 'PATH=/bin'] },
    { Env: ['A=1', 'PATH=/bin', 'B=1'] },
    { User: 'app' },
    { WorkingDir: '/srv' },
    { ExposedPorts: {} },
    { Healthcheck: { Test: ['CMD', 'a'] } },
    { StopSignal: 'SIGINT' },
    { Shell: ['/bin/bash', '-c'] },
    { Volumes: { '/data': {} } },
    { Labels: { a: 'b' } },
  ]
  for (const change of changes)
    expect((await configs(config, { ...config, ...change })).status, JSON.stringify(change)).toBe(
      'fail',
    )
})

test('P1: what the two bases set otherwise is listed and does not fail', async () => {
  const bases = [
    { Env: ['PATH=/usr/local/bin:/bin', 'GPG_KEY=1'] },
    { Env: ['PATH=/usr/bin:/bin'] },
  ] as const
  const fat = { Env: ['PATH=/app/bin:/usr/local/bin:/bin', 'GPG_KEY=1'] }
  const lean = { Env: ['PATH=/app/bin:/usr/bin:/bin'] }
  const inherited = await configs(fat, lean, bases)
  expect([inherited.status, inherited.evidence.length]).toEqual(['pass', 2])
  expect((await configs(fat, { Env: ['PATH=/usr/bin:/bin'] }, bases)).status).toBe('fail')
  expect((await configs(fat, lean)).status).toBe('fail')
})

test('P1: a value that the project sets again is its own', async () => {
  const subject = (name: string, Env: readonly string[]): Subject =>
    subjectOf({
      name,
      layers: [{}, {}],
      config: { Env },
      history: name === 'fat' ? ['ENV LANG=C.UTF-8', 'ENV LANG=C.UTF-8'] : [],
    })
  const bases = [{ Env: ['LANG=C.UTF-8'] }, {}] as const
  const found = await examined(configRung, subject('fat', ['LANG=C.UTF-8']), subject('lean', []), {
    bases,
  })
  expect(found.status).toBe('fail')
})

/** A real root, and the same one without some files. */
function roots(leaveOut: readonly string[], config: ContainerConfig): readonly [Subject, Subject] {
  const root = debianRoot()
  return [
    subjectOver(hostTree(root), { name: 'fat', config, baseLayers: 0 }),
    subjectOver(hostTree(root, leaveOut), { name: 'lean', config, baseLayers: 0 }),
  ]
}

test('P3: on a real root, a library that is taken out is named with who needs it and who provides it', async () => {
  const root = debianRoot()
  const multiarch = readdirSync(`${root}/usr/lib`).find((name) => name.endsWith('-linux-gnu'))
  const link = `/usr/lib/${multiarch}/libz.so.1`
  const real = realpathSync(`${root}${link}`).slice(realpathSync(root).length)
  const config = { Cmd: ['dpkg-deb'], Env: ['PATH=/usr/bin:/bin'] }
  const whole = await examined(elfRung, ...roots([], config))
  expect(whole.status, messages(whole)).toBe('pass')
  const found = await examined(elfRung, ...roots([link, real], config))
  expect(found.status).toBe('fail')
  const evidence = found.evidence.find(({ message }) => message.startsWith('libz.so.1 <- '))
  expect(evidence).toMatchObject({
    package: 'zlib1g',
    missing: { kind: 'library', soname: 'libz.so.1', package: 'zlib1g' },
  })
})

const site = '/usr/local/lib/python3.11/site-packages'
const python: Files = {
  '/usr/local/bin/python3.11': { text: 'x', mode: 0o755 },
  '/usr/local/lib/python3.11/os.py': '',
}

function distribution(name: string, version: string, extra: Files = {}, requires = ''): Files {
  const info = `${site}/${name}-${version}.dist-info`
  const own: Files = { [`${site}/${name}/__init__.py`]: `# ${name}\n`, ...extra }
  const record = Object.keys(own).map((path) => `${path.slice(site.length + 1)},,\n`)
  return {
    ...own,
    [`${info}/METADATA`]: `Name: ${name}\nVersion: ${version}\n${requires}\n`,
    [`${info}/RECORD`]: record.join(''),
  }
}

function dependencies(
  fat: Files,
  lean: Files,
  fatBase: Files = {},
  leanBase: Files = {},
): Promise<Finding> {
  const config = { Env: ['PATH=/usr/local/bin'] }
  return examined(
    dependenciesRung,
    subjectOf({ name: 'fat', layers: [{ ...python, ...fatBase }, fat], config }),
    subjectOf({ name: 'lean', layers: [{ ...python, ...leanBase }, lean], config }),
  )
}

test('P4: names, versions, native modules and files must be equal', async () => {
  const native = { [`${site}/a/_a.cpython-311-x86_64-linux-gnu.so`]: 'elf' }
  const fat = distribution('a', '1.0', native)
  expect((await dependencies(fat, fat)).status).toBe('pass')
  expect(messages(await dependencies(fat, {}))).toContain('a 1.0 is missing')
  expect(messages(await dependencies(fat, distribution('a', '1.1', native)))).toContain(
    '1.0 in fat and 1.1',
  )
  expect(messages(await dependencies(fat, distribution('a', '1.0')))).toContain(
    'without its C part',
  )
  expect(messages(await dependencies(distribution('a', '1.0'), fat))).toContain('in lean only')
  expect(messages(await dependencies(fat, { ...fat, ...distribution('b', '2') }))).toContain(
    'b 2 is in lean only',
  )
  const edited = { ...fat, [`${site}/a/__init__.py`]: '# other\n' }
  expect(messages(await dependencies(fat, edited))).toContain('another content')
})

test('P4: tooling and what the bases bring may differ, unless somebody needs it', async () => {
  const a = distribution('a', '1')
  expect((await dependencies({ ...a, ...distribution('pip', '9') }, a)).status).toBe('pass')
  expect((await dependencies(a, a, distribution('setuptools', '65'))).status).toBe('pass')
  const needs = distribution('a', '1', {}, 'Requires-Dist: setuptools')
  expect((await dependencies(needs, needs, distribution('setuptools', '65'))).status).toBe('fail')
  const imports = { ...a, '/app/x.py': 'import pkg_resources\n' }
  expect((await dependencies(imports, imports, distribution('setuptools', '65'))).status).toBe(
    'fail',
  )
})

test('P4: without Python it is skipped, and says so', async () => {
  const empty = subjectOf({ name: 'x', layers: [{}, app] })
  const found = await examined(dependenciesRung, empty, empty)
  expect([found.status, found.notExercised?.length]).toEqual(['skip', 1])
})

const status = (names: readonly string[]): string =>
  names
    .map(
      (name) =>
        `Package: ${name}\nStatus: install ok installed\nVersion: 1\nArchitecture: amd64\nSection: ${name === 'gcc' ? 'devel' : 'utils'}\n`,
    )
    .join('\n')

/** Packages with a program of their name, as dpkg records them. */
function installed(names: readonly string[]): Files {
  return Object.fromEntries([
    ['/var/lib/dpkg/status', status(names)],
    ...names.flatMap((name) => [
      [`/var/lib/dpkg/info/${name}.list`, `/.\n/usr/bin/${name}\n`],
      [`/usr/bin/${name}`, { text: 'x', mode: 0o755 }],
    ]),
  ]) as Files
}

test('P4: a package that fat installs by name must be in lean, unless it builds or the build used it', async () => {
  const of = async (line: string, names: readonly string[]): Promise<Finding> =>
    examined(
      dependenciesRung,
      subjectOf({ name: 'fat', layers: [{}, installed(names)], history: ['base', line] }),
      subjectOf({ name: 'lean', layers: [installed([]), app] }),
    )
  const shell = 'RUN /bin/sh -c'
  const found = await of(`${shell} apt-get install -y ffmpeg gcc`, ['ffmpeg', 'gcc'])
  expect(found.status).toBe('fail')
  expect(found.evidence.map(({ missing }) => missing)).toEqual([
    { kind: 'package', name: 'ffmpeg' },
  ])
  const used = await of(`${shell} apt-get install -y unzip && unzip x.zip`, ['unzip'])
  expect(used.status).toBe('pass')
  expect(used.notExercised?.join()).toContain('unzip')
})

test('P6: a tool above the base fails with its layer and line; in the base it does not', async () => {
  const elf = new Uint8Array(64).fill(1)
  const gcc: Files = { '/usr/bin/gcc': { text: elf, mode: 0o755 } }
  const lean = (baseLayers: number): Subject =>
    subjectOf({ name: 'lean', layers: [gcc, app], baseLayers, history: ['RUN apt', 'COPY app'] })
  expect((await examined(negativeRung, lean(1), lean(1))).status).toBe('pass')
  const found = await examined(negativeRung, lean(0), lean(0))
  expect(found.status).toBe('fail')
  expect(messages(found)).toContain('/usr/bin/gcc')
  expect(messages(found)).toContain('layer 0: RUN apt')
})

test('P6: a tool that a line installs and removes again is in the history', async () => {
  const line =
    'RUN /bin/sh -c apt-get install -y gcc && pip install x && apt-get purge -y gcc # buildkit'
  const lean = subjectOf({ name: 'lean', layers: [{}, app], history: ['base', line] })
  const found = await examined(negativeRung, lean, lean)
  expect([found.status, found.evidence[0]?.package]).toEqual(['fail', 'gcc'])
})

test.each([
  [
    'RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends libpq5 # buildkit',
    [],
  ],
  [
    'RUN |1 A=b /bin/sh -c apt-get install -y build-essential libpq-dev # buildkit',
    ['build-essential', 'libpq-dev'],
  ],
  ['/bin/sh -c apk add --no-cache git', ['git']],
  ['RUN ["apt-get", "install", "-y", "make"]', ['make']],
  ['/bin/sh -c #(nop)  CMD ["apt-get install gcc"]', []],
  ['COPY gcc /usr/bin/gcc # buildkit', []],
  ['RUN /bin/sh -c pip install cmake', []],
])('installs of %s', (line, names) => {
  expect(installsIn(line)).toEqual(names)
})

test('P10: smaller than fat, and within the budget', async () => {
  const sized = (size: number): Subject => subjectOf({ name: `${size}`, layers: [{}], size })
  const status = async (fat: number, lean: number, maxSize?: number): Promise<string> =>
    (await examined(sizeRung, sized(fat), sized(lean), maxSize === undefined ? {} : { maxSize }))
      .status
  expect(await status(900, 100)).toBe('pass')
  expect(await status(900, 100, 100)).toBe('pass')
  expect(await status(900, 101, 100)).toBe('fail')
  expect(await status(100, 100)).toBe('fail')
})
