import { expect, test } from 'vitest'
import { memoryTree, type Spec } from '../../../test/support/memory-tree.ts'
import type { ContainerConfig, ImageConfig } from '../../image/index.ts'
import { executablesOf } from './programs.ts'
import { scriptInterpreter } from './script.ts'

const program = { text: '\x7fELF', mode: 0o755 }
const script = (text: string): Spec => ({ text, mode: 0o755 })
const tree = memoryTree([
  {
    '/bin': { link: 'usr/bin' },
    '/usr/bin/sh': program,
    '/usr/bin/env': program,
    '/usr/bin/tini': program,
    '/usr/bin/curl': program,
    '/usr/bin/sleep': program,
    '/usr/local/bin/python3.11': program,
    '/usr/local/bin/python3': { link: 'python3.11' },
    '/usr/local/bin/gunicorn': script('#!/usr/local/bin/python3\nimport sys\n'),
    '/usr/local/bin/gosu': program,
    '/usr/local/bin/plain': { text: 'not executable', mode: 0o644 },
    '/app/app.py': 'app = 1\n',
    '/app/project/wsgi.py': '',
    '/app/conf.ini': '',
    '/app/entry.sh': script(
      [
        '#!/bin/sh',
        'set -e',
        'warm() { curl -s http://x; }',
        '. /app/settings.sh',
        'if [ -n "$WAIT" ]; then sleep 1; fi',
        'warm',
        'exec gosu app "$@"',
      ].join('\n'),
    ),
    '/app/settings.sh': 'export A=1\nmissing-tool --now\n',
    '/app/loop.sh': script('#!/bin/sh\n/app/loop.sh\n'),
  },
])

const image = (config: ContainerConfig): ImageConfig => ({
  architecture: 'amd64',
  os: 'linux',
  config: { WorkingDir: '/app', ...config },
  rootfs: { type: 'layers', diff_ids: [] },
  history: [],
})
const started = (config: ContainerConfig): readonly string[] =>
  executablesOf(image(config), tree).map(
    ({ name, path, script }) => `${name} ${path ?? '-'}${script ? ` in ${script}` : ''}`,
  )

test('exec form goes through PATH, and a script brings its interpreter', () => {
  expect(started({ Cmd: ['gunicorn', 'app:app'] })).toEqual([
    'gunicorn /usr/local/bin/gunicorn',
    '/usr/local/bin/python3 /usr/local/bin/python3 in /usr/local/bin/gunicorn',
  ])
  expect(started({ Cmd: ['plain'] })).toEqual(['plain -'])
})

test('shell form is read into its commands', () => {
  const text = 'export A=1 && exec gunicorn --bind :$PORT project.wsgi:application || echo "no"'
  expect(started({ Cmd: ['/bin/sh', '-c', text], Env: ['PORT=80'] })).toEqual([
    '/bin/sh /bin/sh',
    'gunicorn /usr/local/bin/gunicorn',
    '/usr/local/bin/python3 /usr/local/bin/python3 in /usr/local/bin/gunicorn',
  ])
  const [, gunicorn] = executablesOf(
    image({ Cmd: ['/bin/sh', '-c', text], Env: ['PATH=/usr/local/bin:/bin', 'PORT=80'] }),
    tree,
  )
  expect(gunicorn?.arguments).toEqual(['--bind', ':80', 'project.wsgi:application'])
  expect(gunicorn?.files).toEqual(['/app/project/wsgi.py'])
})

test('wrappers are followed', () => {
  expect(
    started({
      Entrypoint: ['tini', '-g', '--', 'env', 'A=1'],
      Cmd: ['python3', '-m', 'http.server'],
    }),
  ).toEqual(['tini /usr/bin/tini', 'env /usr/bin/env', 'python3 /usr/local/bin/python3'])
})

test('python -m and files that arguments name', () => {
  const [python] = executablesOf(
    image({ Cmd: ['python3', '-m', 'flask', '--config=conf.ini', '/app/app.py'] }),
    tree,
  )
  expect(python?.module).toBe('flask')
  expect(python?.files).toEqual(['/app/conf.ini', '/app/app.py'])
})

test('an entrypoint script is read with CMD in place of "$@", its functions are its own', () => {
  expect(started({ Entrypoint: ['./entry.sh'], Cmd: ['python3', 'app.py'] })).toEqual([
    './entry.sh /app/entry.sh',
    '/bin/sh /bin/sh in /app/entry.sh',
    'curl /usr/bin/curl in /app/entry.sh',
    'missing-tool - in /app/settings.sh',
    'sleep /usr/bin/sleep in /app/entry.sh',
    'gosu /usr/local/bin/gosu in /app/entry.sh',
    'python3 /usr/local/bin/python3 in /app/entry.sh',
  ])
})

test('HEALTHCHECK in both forms', () => {
  const shell = executablesOf(
    image({ Healthcheck: { Test: ['CMD-SHELL', 'curl -f http://localhost/ || exit 1'] } }),
    tree,
  )
  expect(shell.map(({ origin, name }) => `${origin} ${name}`)).toEqual([
    'healthcheck /bin/sh',
    'healthcheck curl',
  ])
  expect(started({ Healthcheck: { Test: ['CMD', 'curl', 'x'] } })).toEqual(['curl /usr/bin/curl'])
  expect(started({ Healthcheck: { Test: ['NONE'] } })).toEqual([])
})

test('scripts that call themselves end', () => {
  expect(started({ Cmd: ['/app/loop.sh'] }).length).toBeLessThan(10)
})

test('interpreters of scripts, also behind env and in the long form of pip', () => {
  const scripts = memoryTree([
    {
      '/a': '#!/usr/bin/env -S python3 -u\n',
      '/b': '#! /bin/bash -e\n',
      '/c': "#!/bin/sh\n'''exec' /a/very/long/python \"$0\" \"$@\"\n' '''\n",
      '/d': 'echo\n',
      '/e': { link: '/b' },
    },
  ])
  expect(
    ['/a', '/b', '/c', '/d', '/e', '/f'].map((path) => scriptInterpreter(scripts, path)),
  ).toEqual([
    { path: '/usr/bin/env', arguments: ['-S', 'python3', '-u'], program: 'python3' },
    { path: '/bin/bash', arguments: ['-e'] },
    { path: '/bin/sh', arguments: [], program: '/a/very/long/python' },
    undefined,
    { path: '/bin/bash', arguments: ['-e'] },
    undefined,
  ])
})
