import { expect, test } from 'vitest'
import { fromCompose } from './compose.ts'
import { fromProcfile, procfilePorts } from './procfile.ts'

test('a Procfile gives every process but web; what a shell has to read goes to one', () => {
  const text = 'web: gunicorn app\n# note\nworker: celery -A app worker\nclock: a && b\n'
  const found = fromProcfile(text, 'Procfile')
  expect(found.map(({ name, options }) => [name, options.entrypoint])).toEqual([
    ['worker', ['celery', '-A', 'app', 'worker']],
    ['clock', ['/bin/sh', '-c', 'a && b']],
  ])
  expect(found.map(({ help }) => help?.entrypoint?.at(-1))).toEqual(['--help', undefined])
})

test('env_file names settings of the app and its services; what environment says of them wins', () => {
  const files: Readonly<Record<string, string>> = {
    'app.env': [
      '# a note',
      'export TOKEN = abc # the rest',
      'DSN=postgres://u:p$w@db/x',
      "RAW='a $HOME # b'",
      'Q="say \\"hi\\""',
      'MODE=file',
      'FROM_OUTSIDE=${HOME}',
      '',
    ].join('\r\n'),
    'more.env': 'MODE=later',
  }
  const found = fromCompose(
    {
      services: {
        web: {
          build: '.',
          env_file: ['./app.env', { path: 'more.env' }, 'absent.env'],
          environment: ['TOKEN=mine', 'PRICE=5$$'],
          depends_on: ['db'],
        },
        db: { image: 'postgres', env_file: 'more.env' },
      },
    },
    'compose.yaml',
    {},
    (path) => files[path],
  )
  expect(found.env).toEqual([
    'TOKEN=mine',
    ...['RAW=a $HOME # b', 'Q=say "hi"', 'MODE=later', 'PRICE=5$'],
  ])
  expect(found.services).toMatchObject([{ name: 'db', env: ['MODE=later'] }])
})

test('services that are built give their commands, environment and health checks', () => {
  const services = {
    db: { image: 'postgres', command: 'postgres -c x=1', healthcheck: { test: 'pg_isready' } },
    web: { build: '.', healthcheck: { test: ['CMD', 'curl', '-f', 'http://localhost:80/$$x'] } },
    same: { build: '.', command: ['serve'] },
    worker: {
      build: { context: '.' },
      command: 'python worker.py',
      environment: { A: 1, B: null },
    },
    other: { build: '.', entrypoint: ['/run'], environment: ['C=$D', 'E=f'] },
  }
  const found = fromCompose({ services }, 'compose.yaml', {
    Entrypoint: ['/entry'],
    Cmd: ['serve'],
  })
  expect(found.entrypoints.map(({ name, options }) => [name, options])).toEqual([
    ['worker', { entrypoint: ['/entry'], command: ['python', 'worker.py'], env: ['A=1'] }],
    ['other', { entrypoint: ['/run'], command: [], env: ['E=f'] }],
  ])
  expect(found.probes).toMatchObject([{ argv: ['curl', '-f', 'http://localhost:80/$x'] }])
})

test.each([null, 'text', [], { services: [] }, { services: { a: null } }])(
  'a document of another shape gives nothing: %j',
  (value) => {
    expect(fromCompose(value, 'compose.yaml', {})).toEqual({
      entrypoints: [],
      probes: [],
      env: [],
      services: [],
      published: new Map(),
    })
  },
)

test('compose: services that the app depends on, its ports and its settings', () => {
  const found = fromCompose(
    {
      services: {
        web: {
          build: '.',
          ports: [
            '8080:5000',
            '127.0.0.1:8443:8443/tcp',
            { target: 9000, published: 9001 },
            '53:53/udp',
          ],
          environment: {
            DATABASE_URL: 'postgres://u:p@db:5432/x',
            CACHE: 'cache:6379',
            KEY: '$$5',
          },
          depends_on: { db: { condition: 'service_healthy' } },
        },
        db: {
          image: 'postgres:16',
          environment: ['POSTGRES_PASSWORD=p', 'OTHER=${OTHER}'],
          depends_on: ['files'],
          healthcheck: { test: ['CMD-SHELL', 'pg_isready'] },
        },
        files: { image: 'busybox', command: 'sleep 9' },
        cache: { image: 'redis' },
        unrelated: { image: 'mailhog' },
        variable: { image: '${IMAGE}' },
      },
    },
    'compose.yaml',
    {},
  )
  expect(found.services.map(({ name }) => name)).toEqual(['files', 'db', 'cache'])
  expect(found.services[1]).toMatchObject({
    image: 'postgres:16',
    env: ['POSTGRES_PASSWORD=p'],
    health: ['/bin/sh', '-c', 'pg_isready'],
  })
  expect(found.services[0]?.command).toEqual(['sleep', '9'])
  expect(found.env).toEqual(['DATABASE_URL=postgres://u:p@db:5432/x', 'CACHE=cache:6379', 'KEY=$5'])
  expect([...found.published]).toEqual([
    [8080, 5000],
    [8443, 8443],
    [9001, 9000],
  ])
  const ports = found.probes.flatMap((probe) => (probe.kind === 'http' ? [probe.port] : []))
  expect([...new Set(ports)]).toEqual([5000, 8443, 9000])
})

test.each([
  ['web: gunicorn -b 0.0.0.0:8000 app:app', [8000]],
  ['web: uvicorn app:app --port=9000', [9000]],
  ['web: gunicorn app:app\nworker: x -p 80', []],
])('Procfile: the port of %j', (text, ports) => {
  expect(procfilePorts(text)).toEqual(ports)
})
