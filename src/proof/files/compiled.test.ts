import { expect, test } from 'vitest'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { examined, messages } from '../../../test/support/static-rung.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import { tinyElf } from '../../../test/support/tiny-elf.ts'
import type { ContainerConfig } from '../../image/index.ts'
import type { Finding } from '../rung.ts'
import { configRung } from '../rungs/p1-config.ts'
import { filesRung } from '../rungs/p2-files.ts'

type Files = Readonly<Record<string, Spec>>

const withText = (text: string): Spec => ({
  text: Buffer.concat([tinyElf({}), Buffer.from(`\0${text}\0`)]),
  mode: 0o755,
})

/** A C project whose RUN line was `make && make install`, over two bases that differ by `below`. */
function files(fat: Files, lean: Files, below: Files = {}): Promise<Finding> {
  const base = { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n' }
  const config = { Cmd: ['app'], WorkingDir: '/src', Env: ['PATH=/usr/local/bin:/usr/bin'] }
  const history = ['base', 'RUN /bin/sh -c make && make install']
  return examined(
    filesRung,
    subjectOf({ name: 'fat', layers: [{ ...base, ...below }, fat], config, history }),
    subjectOf({ name: 'lean', layers: [base, lean], config, history: ['base', 'COPY'] }),
  )
}

const app: Files = { '/usr/local/bin/app': withText('hello'), '/src': { dir: true } }

test.each(['/src/main.c', '/src/main.o', '/src/CMakeFiles/app.dir/x', '/src/config.status'])(
  'P2: the absence of %s is explained',
  async (path) => {
    const found = await files({ ...app, [path]: 'x' }, app)
    expect(found.status, messages(found)).toBe('pass')
  },
)

test.each(['/src/words.txt', '/src/templates/page.c', '/src/kernel.bpf'])(
  'P2: the absence of %s is not',
  async (path) => {
    const found = await files({ ...app, [path]: 'x' }, app)
    expect(found.evidence[0], messages(found)).toMatchObject({ path })
  },
)

test('P2: a copy of the program in the tree that it was built in is none of the app', async () => {
  const tree = { '/src/Makefile': 'all:', '/src/app': withText('hello') }
  const found = await files({ ...app, ...tree }, app)
  expect(found.status, messages(found)).toBe('pass')
  const other = await files({ ...app, ...tree, '/src/worker': withText('hello') }, app)
  expect(other.evidence[0]).toMatchObject({ path: '/src/worker' })
})

test('P2: the name of a library for linkers goes, unless a program opens it by that name', async () => {
  const library = { '/usr/local/lib/libx.so.1': { text: tinyElf({ soname: 'libx.so.1' }) } }
  const link = { '/usr/local/lib/libx.so': { link: 'libx.so.1' } }
  const linked = { ...app, ...library }
  const found = await files({ ...linked, ...link }, linked)
  expect(found.status, messages(found)).toBe('pass')
  const opens = { ...linked, '/usr/local/bin/app': withText('libx.so') }
  const missing = await files({ ...opens, ...link }, opens)
  expect(missing.evidence[0], messages(missing)).toMatchObject({ path: '/usr/local/lib/libx.so' })
})

test('P2: a library that a program links is found by the loader, not in the tree it was built in', async () => {
  const shared = { text: tinyElf({ soname: 'libx.so.1' }) }
  const linking = (text: string): Files => ({
    ...app,
    '/usr/local/lib/libx.so.1': shared,
    '/usr/local/bin/app': {
      text: Buffer.concat([tinyElf({ needed: ['libx.so.1'] }), Buffer.from(`\0${text}\0`)]),
      mode: 0o755,
    },
  })
  const built = { '/src/CMakeCache.txt': '', '/src/libx.so.1': shared }
  const links = linking('hello')
  const found = await files({ ...links, ...built }, links)
  expect(found.status, messages(found)).toBe('pass')
  const opens = linking('/src/libx.so.1')
  expect((await files({ ...opens, ...built }, opens)).evidence[0]).toMatchObject({
    path: '/src/libx.so.1',
  })
})

const debian = (name: string, path: string): Files => ({
  '/var/lib/dpkg/status': `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n`,
  [`/var/lib/dpkg/info/${name}.list`]: `${path}\n`,
})

test('P2: a program of the system that a compiled program names must be there', async () => {
  const below = { ...debian('git', '/usr/bin/git'), '/usr/bin/git': { text: 'git', mode: 0o755 } }
  const calls = { ...app, '/usr/local/bin/app': withText('/usr/bin/git') }
  const missing = await files(calls, calls, below)
  expect(missing.evidence[0], messages(missing)).toMatchObject({
    path: '/usr/bin/git',
    package: 'git',
  })
  expect((await files(app, app, below)).status).toBe('pass')
})

test('P2: what no program of the app reads may be absent, and what one reads may not', async () => {
  const below = {
    ...debian('netbase', '/etc/services'),
    '/etc/services': 'http 80/tcp\n',
    '/etc/ssl/certs/ca-certificates.crt': '-----BEGIN CERTIFICATE-----\nx\n',
  }
  expect((await files(app, app, below)).status).toBe('pass')
  const resolves = { ...app, '/usr/local/bin/app': withText('getaddrinfo') }
  expect((await files(resolves, resolves, below)).evidence[0]).toMatchObject({
    path: '/etc/services',
  })
  const trusts = { ...app, '/usr/local/bin/app': withText('/etc/ssl/certs') }
  expect((await files(trusts, trusts, below)).evidence[0]).toMatchObject({
    path: '/etc/ssl/certs/ca-certificates.crt',
  })
})

test('P1: PATH may lack directories of the fat base that the project put nothing into', async () => {
  const bases: readonly [ContainerConfig, ContainerConfig] = [
    { Env: ['PATH=/go/bin:/usr/local/go/bin:/usr/bin'] },
    { Env: ['PATH=/usr/bin'] },
  ]
  const compared = async (path: string, own: Files): Promise<string> => {
    const [fat, lean] = [
      subjectOf({ name: 'fat', layers: [{}, own], config: { Env: bases[0].Env ?? [] } }),
      subjectOf({ name: 'lean', layers: [{}, own], config: { Env: [`PATH=${path}`] } }),
    ]
    return (await examined(configRung, fat, lean, { bases })).status
  }
  const own = { '/go/bin/app': withText('hello') }
  expect(await compared('/go/bin:/usr/bin', own)).toBe('pass')
  expect(await compared('/usr/bin', {})).toBe('pass')
  expect(await compared('/opt:/go/bin:/usr/bin', own)).toBe('fail')
  expect(await compared('/usr/bin:/go/bin', own)).toBe('fail')
  expect(await compared('/opt/x', own)).toBe('fail')
})
