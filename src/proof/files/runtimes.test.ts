import { expect, test } from 'vitest'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { examined, messages } from '../../../test/support/static-rung.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import type { ContainerConfig } from '../../image/index.ts'
import type { Finding } from '../rung.ts'
import { filesRung } from '../rungs/p2-files.ts'

type Files = Readonly<Record<string, Spec>>

const program: Spec = { text: 'x', mode: 0o755 }
const accounts: Files = { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n', '/bin/sh': program }

function compared(
  fat: readonly [base: Files, own: Files, config: ContainerConfig],
  lean: readonly [base: Files, own: Files, config?: ContainerConfig],
): Promise<Finding> {
  const history = ['base', 'RUN /bin/sh -c npm ci && npm run build && mvn package']
  const [fatBase, fatOwn, config] = fat
  const [leanBase, leanOwn, leanConfig = config] = lean
  return examined(
    filesRung,
    subjectOf({ name: 'fat', layers: [{ ...accounts, ...fatBase }, fatOwn], config, history }),
    subjectOf({
      ...{ name: 'lean', layers: [{ ...accounts, ...leanBase }, leanOwn], history },
      config: leanConfig,
    }),
  )
}

const node: Files = { '/usr/local/bin/node': program }
const certificates: Files = { '/etc/ssl/certs/ca-certificates.crt': 'x', '/etc/services': 'x' }
const app: Files = { '/app/server.js': 'require("http")\n' }
const starts = { Cmd: ['node', 'server.js'], WorkingDir: '/app', Env: ['PATH=/usr/local/bin:/bin'] }

test('Node needs no certificates of the system, unless something names them', async () => {
  const of = (own: Files, env: readonly string[] = []): Promise<Finding> =>
    compared(
      [{ ...node, ...certificates }, own, { ...starts, Env: [...starts.Env, ...env] }],
      [node, own],
    )
  const plain = await of(app)
  expect(plain.status, messages(plain)).toBe('pass')
  for (const other of [
    of({ '/app/server.js': 'readFileSync("/etc/ssl/certs/ca-certificates.crt")\n' }),
    of(app, ['NODE_OPTIONS=--use-openssl-ca']),
    of({ '/app/server.js': 'x', '/app/start.py': 'x' }, ['SSL_CERT_DIR=/etc/ssl/certs']),
  ])
    expect((await other).status).toBe('fail')
})

test('packages that only development needs go, with the scripts that start them', async () => {
  const json = (value: object): string => JSON.stringify({ name: 'x', version: '1', ...value })
  const kept: Files = {
    ...app,
    '/app/package.json': json({ dependencies: { koa: '1' }, devDependencies: { typescript: '5' } }),
    '/app/node_modules/koa/package.json': json({ name: 'koa' }),
  }
  const store = '/app/node_modules/.pnpm/typescript@5/node_modules/typescript'
  const gone: Files = {
    [`${store}/package.json`]: json({ name: 'typescript' }),
    '/app/node_modules/typescript': { link: '.pnpm/typescript@5/node_modules/typescript' },
    '/app/node_modules/.bin/tsc': {
      text: '#!/bin/sh\nexec "$basedir/node" "$basedir/../typescript/bin/tsc" "$@"\n',
      mode: 0o755,
    },
  }
  // npm itself is a package, and started: it says nothing about those of the project.
  const npm: Files = {
    ...node,
    '/usr/local/bin/npm': { link: '../lib/node_modules/npm/bin/npm-cli.js' },
    '/usr/local/lib/node_modules/npm/package.json': json({ name: 'npm' }),
    '/usr/local/lib/node_modules/npm/bin/npm-cli.js': {
      text: '#!/usr/local/bin/node\n',
      mode: 0o755,
    },
  }
  const config = { ...starts, Cmd: ['npm', 'start'] }
  const found = await compared([npm, { ...kept, ...gone }, config], [npm, kept])
  expect(found.status, messages(found)).toBe('pass')
  const used = { ...kept, '/app/server.js': 'require("typescript")\n' }
  expect((await compared([npm, { ...used, ...gone }, config], [npm, used])).status).toBe('fail')
})

const home = '/opt/java/openjdk'
const java = (release: string, more: Files = {}): Files => ({
  [`${home}/bin/java`]: program,
  [`${home}/release`]: `JAVA_VERSION="${release}"\n`,
  ...more,
})
const jar = {
  Cmd: ['java', '-jar', 'app.jar'],
  WorkingDir: '/app',
  Env: [`JAVA_HOME=${home}`, `PATH=${home}/bin`],
}

test('a JRE of the same release replaces the JDK of the base', async () => {
  const jdk = java('17.0.9', { [`${home}/bin/javac`]: program })
  const own: Files = { '/app/app.jar': 'x' }
  const same = await compared([jdk, own, jar], [java('17.0.11'), own])
  expect(same.status, messages(same)).toBe('pass')
  expect((await compared([jdk, own, jar], [java('21'), own])).status).toBe('fail')
})

test('the entrypoint of the fat base is a setting, that of the project is a program', async () => {
  const entry: Files = {
    '/usr/local/bin/entry.sh': { text: '#!/bin/sh\nexec "$@"\n', mode: 0o755 },
  }
  const config = { ...jar, Entrypoint: ['/usr/local/bin/entry.sh'] }
  const own: Files = { '/app/app.jar': 'x' }
  const ofBase = await compared([{ ...java('17'), ...entry }, own, config], [java('17'), own, jar])
  expect(ofBase.status, messages(ofBase)).toBe('pass')
  const ofProject = await compared(
    [java('17'), { ...own, ...entry }, config],
    [java('17'), own, jar],
  )
  expect(ofProject.status).toBe('fail')
})

test('a module is packed where the class path has it, a resource where the classes are', async () => {
  const project: Files = {
    '/app/pom.xml': '<project/>',
    '/app/core/target/core-1.jar': 'core',
    '/app/src/main/resources/a.txt': 'a',
    '/app/target/classes/a.txt': 'a',
  }
  const kept: Files = {
    '/app/app.jar': 'x',
    '/app/lib/core-1.jar': 'core',
    '/app/target/classes/a.txt': 'a',
  }
  const found = await compared([java('17'), { ...project, ...kept }, jar], [java('17'), kept])
  expect(found.status, messages(found)).toBe('pass')
  const other = { ...kept, '/app/lib/core-1.jar': 'another' }
  const differs = await compared([java('17'), { ...project, ...other }, jar], [java('17'), other])
  expect(messages(differs)).toContain('/app/core/target/core-1.jar')
})
