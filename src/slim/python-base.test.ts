import { expect, test } from 'vitest'
import { parsePythonBase, slimReference, slimText } from './python-base.ts'

test.each([
  ['python', 'python:slim'],
  ['python:latest', 'python:slim'],
  ['python:3', 'python:3-slim'],
  ['python:3.11', 'python:3.11-slim'],
  ['python:3.13.0rc2', 'python:3.13.0rc2-slim'],
  ['python:3.11-bookworm', 'python:3.11-slim-bookworm'],
  ['python:bullseye', 'python:slim-bullseye'],
  ['python:3.11-slim', 'python:3.11-slim'],
  ['python:3.11-slim-bookworm', 'python:3.11-slim-bookworm'],
  ['docker.io/library/python:3.12', 'docker.io/library/python:3.12-slim'],
  ['localhost:5000/mirror/python:3.12', 'localhost:5000/mirror/python:3.12-slim'],
])('%s has the slim sibling %s', (reference, slim) => {
  const base = parsePythonBase(reference)
  expect(base && slimReference(base)).toBe(slim)
})

test('a suite is written when the two releases differ', () => {
  const base = parsePythonBase('python:3.11')
  expect(base && slimReference(base, 'bookworm')).toBe('python:3.11-slim-bookworm')
})

test.each(['python:3.11-alpine', 'python:3.11-windowsservercore', 'python:3.14-pypy'])(
  '%s has none',
  (reference) => {
    expect(parsePythonBase(reference)?.variant).toBe('other')
  },
)

test.each(['debian:bookworm', 'pypy:3.10', 'my/python-app:3.11', 'scratch'])(
  '%s is another image',
  (reference) => {
    expect(parsePythonBase(reference)).toBeUndefined()
  },
)

test.each([
  [`python:\${V}`, 'python:3.11', `python:\${V}-slim`],
  ['python:$V', 'python:3.11', 'python:$V-slim'],
  [`\${BASE}`, 'python:3.11', `\${BASE}-slim`],
  [`python:\${V}-bookworm`, 'python:3.11-bookworm', `python:\${V}-slim-bookworm`],
  [`python:\${V}`, 'python:3.11-bookworm', undefined],
  [`\${BASE}`, 'python', undefined],
])('%s, which is %s, becomes %s', (word, reference, text) => {
  const base = parsePythonBase(reference)
  expect(base && slimText(word, base, slimReference(base))).toBe(text)
})
