import { expect, test } from 'vitest'
import { isFault } from '../../base/index.ts'
import { sha256 } from '../../image/index.ts'
import type { Proof, RungId, RungResult } from '../verdict.ts'
import {
  compareProofs,
  keepEntrypoint,
  keepSetting,
  type ProofRecord,
  readRecord,
  recovery,
  sealRecord,
} from './index.ts'

const ids: readonly RungId[] = ['P0', 'P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10']

function rung(id: RungId): RungResult {
  const evidence = [
    { message: 'seen', path: '/app', missing: { kind: 'file', path: '/x' } as const },
  ]
  return { rung: id, title: id, status: 'pass', summary: 'good', evidence, examined: 3, ms: 5 }
}

const proof: Proof = {
  verdict: 'EQUIVALENT',
  standInBases: true,
  rungs: ids.map(rung),
  notExercised: ['nothing'],
  wouldProve: [],
  trace: { opened: ['/etc/passwd'], executed: ['/bin/sh'] },
}

const image = (name: string): ProofRecord['inputs']['fat'] => ({
  name,
  tagged: true,
  id: sha256(name),
  diffIds: [sha256(`${name} 0`), sha256(`${name} 1`)],
  size: 100,
  baseLayers: 1,
  base: sha256('base'),
  standIn: true,
})

const unsealed: Omit<ProofRecord, 'digest'> = {
  version: 1,
  tool: { name: 'jettison', version: '0.1.0' },
  created: '2026-01-01T00:00:00.000Z',
  inputs: {
    fat: image('app:fat'),
    lean: image('app:lean'),
    project: {
      context: '.',
      dockerfile: 'Dockerfile',
      fatText: sha256('fat'),
      leanText: sha256('lean'),
      ignore: '.git\n',
      contextDigest: sha256('context'),
      contextFiles: 7,
    },
    probes: [
      {
        kind: 'http',
        method: 'GET',
        port: 80,
        path: '/',
        expect: { status: 200 },
        origin: 'given',
      },
      { kind: 'cmd', argv: ['true'], origin: 'healthcheck' },
      { kind: 'run', origin: 'command' },
    ],
    entrypoints: [
      {
        name: 'worker',
        source: 'Procfile',
        command: 'work',
        options: { entrypoint: ['work'], command: [], env: [keepSetting('salt', 'B=2')] },
        help: undefined,
      },
    ],
    services: [
      {
        ...{
          name: 'db',
          reference: 'redis:7',
          id: sha256('redis'),
          env: [keepSetting('salt', 'A=1')],
        },
        ...{ command: null, entrypoint: null, health: ['ping'] },
      },
    ],
    absentServices: [{ name: 'queue', image: 'rabbitmq:3', source: 'compose.yaml' }],
    salt: 'salt',
    env: [keepSetting('salt', 'KEY=value')],
    maxSize: 200_000_000,
    mutations: null,
  },
  proof,
}

const record = sealRecord(unsealed)

test('a record is read as it was written, whatever its spaces and the order of its keys', () => {
  expect(readRecord(JSON.stringify(record), 'proof.json')).toEqual(record)
  const turned = JSON.stringify(reversed(record), null, 4)
  expect(turned.indexOf('"digest"')).toBeLessThan(turned.indexOf('"version"'))
  expect(readRecord(turned, 'proof.json')).toEqual(record)
})

test('every field that is changed, removed or added is noticed', () => {
  const changes = [...changesOf(record)].filter(({ path }) => path !== 'version')
  expect(changes.length).toBeGreaterThan(400)
  const accepted = changes.filter(({ value }) => codeOf(value) !== 'PROOF_TAMPERED')
  expect(accepted.map(({ path, how }) => `${how} ${path}`)).toEqual([])
})

test.each([
  ['', 'not JSON'],
  ['[]', 'no proof file'],
  ['{"version": 2}', 'version 2'],
  ['null', 'no proof file'],
])('%j is refused', (text, why) => {
  const error = catching(() => readRecord(text, 'proof.json'))
  expect(isFault(error) && [error.code, error.kind]).toEqual(['PROOF_INVALID', 'invalid'])
  expect(String(error)).toContain(why)
})

const inputs = unsealed.inputs

test.each<[string, unknown]>([
  ['a verdict that the rungs do not make', { ...unsealed, proof: { ...proof, rungs: [] } }],
  ['another verdict', { ...unsealed, proof: { ...proof, verdict: 'UNPROVEN' } }],
  ['no image', { ...unsealed, inputs: { ...inputs, lean: null } }],
  ['an ID that is none', { ...unsealed, inputs: { ...inputs, fat: { ...inputs.fat, id: 'x' } } }],
  ['a probe of another kind', { ...unsealed, inputs: { ...inputs, probes: [{ kind: 'ftp' }] } }],
  ['services that are no list', { ...unsealed, inputs: { ...inputs, services: {} } }],
  [
    'a command that is no list',
    { ...unsealed, inputs: { ...inputs, services: [{ ...inputs.services[0], command: 'x' }] } },
  ],
  ['no project field', { ...unsealed, inputs: { ...inputs, project: { context: 1 } } }],
  ['settings in clear text', { ...unsealed, inputs: { ...inputs, env: ['KEY=value'] } }],
  ['no inputs', { ...unsealed, inputs: undefined }],
])('%s is refused, also with a digest that fits', (_, value) => {
  expect(codeOf(sealRecord(value as typeof unsealed))).toBe('PROOF_INVALID')
})

test('values of settings are not in a record, and come back when they are given again', () => {
  const worker = {
    ...{ name: 'worker', source: 'compose.yaml', command: 'work' },
    options: { command: ['work'], env: ['TOKEN=hush=1'] },
    help: { command: ['work', '--help'], env: ['TOKEN=hush=1'] },
  }
  const kept = keepEntrypoint('salt', worker)
  expect(JSON.stringify(kept)).not.toContain('hush')
  const values = recovery('salt', ['TOKEN=other', 'TOKEN=hush=1', 'KEY=value'])
  expect(values.entrypoint(kept)).toEqual(worker)
  expect(values.settings(inputs.env)).toEqual(['KEY=value'])
  expect(values.lost()).toEqual([])
  const poor = recovery('salt', ['TOKEN=other', 'KEY=values'])
  expect(poor.settings(inputs.env)).toEqual([])
  expect(poor.entrypoint(kept)).toMatchObject({ options: { env: [] } })
  expect(poor.lost()).toEqual(['KEY', 'TOKEN'])
  expect(recovery('pepper', ['KEY=value']).settings(inputs.env)).toEqual([])
})

test('a replay names the rungs that came out otherwise, and no times', () => {
  const slower = { ...proof, rungs: proof.rungs.map((one) => ({ ...one, ms: 99 })) }
  expect(compareProofs(proof, slower).changes).toEqual([])
  const broken: Proof = {
    ...proof,
    verdict: 'DIFFERENT',
    rungs: proof.rungs.map((one) =>
      one.rung === 'P7' ? { ...one, status: 'fail', summary: 'answers differ' } : one,
    ),
  }
  expect(compareProofs(proof, broken)).toEqual({
    was: 'EQUIVALENT',
    now: 'DIFFERENT',
    changes: [{ rung: 'P7', was: 'pass', now: 'fail', summary: 'answers differ' }],
  })
})

function codeOf(value: unknown): string {
  const error = catching(() => readRecord(JSON.stringify(value), 'proof.json'))
  return isFault(error) ? error.code : 'read'
}

function catching(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

type Change = { readonly path: string; readonly how: string; readonly value: unknown }

/** Copies of a document with one thing otherwise: every value changed, every key removed, a key added to every object. */
function* changesOf(document: unknown): Generator<Change> {
  for (const path of pathsOf(document)) {
    const name = path.join('.')
    yield {
      path: name,
      how: 'changed',
      value: edited(document, path, (at, key) => change(at, key)),
    }
    yield {
      path: name,
      how: 'removed',
      value: edited(document, path, (at, key) => {
        if (Array.isArray(at)) at.splice(Number(key), 1)
        else delete at[key]
      }),
    }
    yield {
      path: name,
      how: 'added beside',
      value: edited(document, path, (at) => {
        if (Array.isArray(at)) at.push('more')
        else at['more'] = 1
      }),
    }
  }
}

type Node = Record<string, unknown>

function change(at: Node, key: string): void {
  const value = at[key]
  if (typeof value === 'string') at[key] = `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`
  else if (typeof value === 'number') at[key] = value + 1
  else if (typeof value === 'boolean') at[key] = !value
  else at[key] = value === null ? 0 : null
}

function* pathsOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (value === null || typeof value !== 'object') return
  for (const [key, child] of Object.entries(value)) {
    yield [...path, key]
    yield* pathsOf(child, [...path, key])
  }
}

function edited(
  document: unknown,
  path: readonly string[],
  edit: (at: Node, key: string) => void,
): unknown {
  const copy: unknown = structuredClone(document)
  const at = path.slice(0, -1).reduce((node, key) => node[key] as Node, copy as Node)
  edit(at, path.at(-1) ?? '')
  return copy
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, reversed(child)]),
  )
}
