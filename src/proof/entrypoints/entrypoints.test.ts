import { expect, test } from 'vitest'
import { fromCompose } from './compose.ts'
import { fromProcfile } from './procfile.ts'

test('a Procfile gives every process but web; what a shell has to read goes to one', () => {
  const text = 'web: gunicorn app\n# note\nworker: celery -A app worker\nclock: a && b\n'
  const found = fromProcfile(text, 'Procfile')
  expect(found.map(({ name, options }) => [name, options.entrypoint])).toEqual([
    ['worker', ['celery', '-A', 'app', 'worker']],
    ['clock', ['/bin/sh', '-c', 'a && b']],
  ])
  expect(found.map(({ help }) => help?.entrypoint?.at(-1))).toEqual(['--help', undefined])
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
