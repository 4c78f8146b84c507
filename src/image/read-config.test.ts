import { expect, test } from 'vitest'
import { sha256 } from './digest.ts'
import { readImageConfig } from './read-config.ts'

const layer = sha256('layer')
const minimal = {
  architecture: 'amd64',
  os: 'linux',
  rootfs: { type: 'layers', diff_ids: [layer] },
}

test('what Docker leaves empty is absent, one string is a command, unknown fields stay', () => {
  const document = {
    ...minimal,
    ...{ author: null, 'os.version': '1' },
    config: {
      Entrypoint: null,
      Cmd: '/bin/app',
      Hostname: 'x',
      Healthcheck: { Test: ['NONE'], Retries: null },
    },
    history: [{ created_by: 'RUN x', empty_layer: true, created: null }],
  }
  expect(readImageConfig(document)).toEqual({
    config: {
      ...minimal,
      'os.version': '1',
      config: { Cmd: ['/bin/app'], Hostname: 'x', Healthcheck: { Test: ['NONE'] } },
      history: [{ created_by: 'RUN x', empty_layer: true }],
    },
  })
  expect(readImageConfig({ rootfs: minimal.rootfs, config: null, history: null })).toEqual({
    config: { ...minimal, architecture: 'unknown', os: 'unknown', config: {}, history: [] },
  })
})

const wrong = [
  ['', [minimal]],
  ['rootfs', { ...minimal, rootfs: null }],
  ['diff_ids', { ...minimal, rootfs: { diff_ids: [5] } }],
  ['created', { ...minimal, created: 'yesterday' }],
  ['history', { ...minimal, history: 'RUN' }],
  ['history[1]', { ...minimal, history: [{}, null] }],
  ['history[0].created_by', { ...minimal, history: [{ created_by: 5 }] }],
  ['config', { ...minimal, config: [] }],
  ...Object.entries({
    ...{ User: 0, Env: 'A=b', Cmd: 5, Entrypoint: [null], ExposedPorts: ['80'], Labels: { a: 1 } },
    ...{ Volumes: '/data', WorkingDir: [], StopSignal: 15, OnBuild: 'RUN', Healthcheck: [] },
  }).map(([name, value]) => [`config.${name}`, { ...minimal, config: { [name]: value } }] as const),
  ['config.Healthcheck.Test', { ...minimal, config: { Healthcheck: { Test: 'true' } } }],
] as const

test.each(wrong)('%s of another type is named', (name, document) => {
  expect(readImageConfig(document)).toEqual({ problem: expect.stringContaining(name) })
})
