import { expect, test } from 'vitest'
import { answered } from '../../../test/support/scripted-runner.ts'
import type { HttpProbe } from '../probes/index.ts'
import { type Answer, compareAnswers, whyNotCounted } from './answers.ts'
import { compareOutput } from './output.ts'
import { compareText } from './text.ts'

const probe: HttpProbe = { kind: 'http', method: 'GET', port: 80, path: '/', origin: 'given' }

function answer(
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  status = 200,
): Answer {
  const found = answered(status, body, headers)
  if (found.kind !== 'answer') throw new Error('unreachable')
  return found
}

function bodyOf(fat: unknown, lean: unknown, ...samples: readonly unknown[]): string {
  return compareAnswers(
    answer(fat),
    answer(lean),
    samples.map((sample) => answer(sample)),
  ).body.kind
}

test('a status below 400 counts, unless another is expected', () => {
  expect(whyNotCounted(probe, answer('', {}, 302))).toBeUndefined()
  expect(whyNotCounted(probe, answer('', {}, 404))).toContain('404')
  expect(whyNotCounted({ ...probe, expect: { status: 404 } }, answer('', {}, 404))).toBeUndefined()
  expect(whyNotCounted({ ...probe, expect: { status: 204 } }, answer(''))).toContain('expected 204')
  expect(whyNotCounted(probe, { kind: 'none', reason: 'TIMEOUT' })).toContain('TIMEOUT')
})

test('an expected body is compared as JSON', () => {
  const wanted = { ...probe, expect: { body: '{"status": "healthy"}' } }
  expect(whyNotCounted(wanted, answer('{"status":"healthy"}\n'))).toBeUndefined()
  expect(whyNotCounted(wanted, answer('{"status":"ill"}'))).toBeDefined()
})

test('the order of keys does not matter, a value does', () => {
  expect(bodyOf('{"a":1,"b":2}', '{"b":2,"a":1}', '{"a":1,"b":2}')).toBe('equal')
  expect(bodyOf({ status: 'healthy' }, { status: 'ill' }, { status: 'healthy' })).toBe('different')
  expect(bodyOf({ a: 1 }, { a: 1, b: 2 }, { a: 1 })).toBe('different')
  expect(bodyOf({ a: [1, 2] }, { a: [1] }, { a: [1, 2] })).toBe('different')
  expect(bodyOf({ a: 1 }, { a: '1' }, { a: 2 })).toBe('different')
})

test('what varies in fat is compared by type only', () => {
  expect(bodyOf({ n: 1, s: 'x' }, { n: 7, s: 'x' }, { n: 2, s: 'x' })).toBe('masked')
  expect(bodyOf({ n: 1, s: 'x' }, { n: 7, s: 'y' }, { n: 2, s: 'x' })).toBe('different')
  expect(bodyOf({ n: 1 }, { n: 7 })).toBe('different')
})

test('numbers that JavaScript would round are compared as text', () => {
  expect(bodyOf('{"id":12345678901234567}', '{"id":12345678901234568}')).toBe('different')
})

test('times and UUIDs at the same place are masked, and said so', () => {
  const fat = 'up since 2026-11-25T10:00:00Z as 9f1c2d3e-0000-4000-8000-000000000001'
  const lean = 'up since 2026-11-25T10:00:03Z as 9f1c2d3e-0000-4000-8000-000000000002'
  expect(compareText(fat, lean, [])).toMatchObject({
    kind: 'masked',
    notes: ['uuid values differ', 'iso-date values differ'],
  })
  expect(compareText('at 2026-11-25T10:00:00Z', 'at noon', [])).toMatchObject({ kind: 'different' })
})

test('a count in brackets is not a process number', () => {
  expect(bodyOf('rows: [12] of 20', 'rows: [13] of 20')).toBe('different')
  expect(bodyOf('timeout 30s', 'timeout 10s')).toBe('different')
})

test('a word that fat itself changes is masked, a page that changes its shape is undecided', () => {
  expect(bodyOf('<a token="x1">hi', '<a token="x3">hi', '<a token="x2">hi')).toBe('masked')
  expect(bodyOf('<a token="x1">hi', '<a token="x3">ho', '<a token="x2">hi')).toBe('different')
  expect(bodyOf('one', 'two words', 'three words here')).toBe('unstable')
})

test('binary bodies are equal or different', () => {
  const bytes = (last: number): Answer => ({ ...answer(''), body: Uint8Array.of(0, 255, last) })
  expect(compareAnswers(bytes(1), bytes(1), []).body.kind).toBe('equal')
  expect(compareAnswers(bytes(1), bytes(2), [bytes(1)]).body.kind).toBe('different')
  expect(compareAnswers(bytes(1), bytes(2), [bytes(3)]).body.kind).toBe('unstable')
})

test('headers: names without case, ignored values, cookies by name', () => {
  const kind = (
    fat: Readonly<Record<string, string>>,
    lean: Readonly<Record<string, string>>,
  ): string => compareAnswers(answer('', fat), answer('', lean), [answer('', fat)]).headers.kind
  expect(kind({ Server: 'x' }, { server: 'x' })).toBe('equal')
  expect(kind({ date: 'a' }, { date: 'b' })).toBe('masked')
  expect(kind({ date: 'a' }, {})).toBe('different')
  expect(kind({ server: 'gunicorn' }, { server: 'Werkzeug' })).toBe('different')
  expect(kind({ 'set-cookie': 'sid=1; Path=/' }, { 'set-cookie': 'sid=2; Path=/' })).toBe('masked')
  expect(kind({ 'set-cookie': 'sid=1; Path=/' }, { 'set-cookie': 'sid=2; Path=/x' })).toBe(
    'different',
  )
})

test('a status that fat does not repeat is undecided', () => {
  const compared = compareAnswers(answer('a'), answer('a'), [answer('a', {}, 500)])
  expect(compared.status.kind).toBe('unstable')
})

test('lines of a log in another order are the same output', () => {
  expect(compareOutput('a\nb\n', 'b\na\n', [])).toMatchObject({ kind: 'masked' })
  expect(compareOutput('a\nb\n', 'a\nc\n', [])).toMatchObject({ kind: 'different' })
})
