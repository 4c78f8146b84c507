import { expect, test } from 'vitest'
import { familiarName, formatReference, parseReference, withDefaultTag } from './reference.ts'

const digest = `sha256:${'ab'.repeat(32)}`

test.each([
  ['python', 'docker.io/library/python:latest', 'python:latest'],
  ['python:3.11-slim', 'docker.io/library/python:3.11-slim', 'python:3.11-slim'],
  ['me/app', 'docker.io/me/app:latest', 'me/app:latest'],
  ['docker.io/python', 'docker.io/library/python:latest', 'python:latest'],
  ['index.docker.io/me/app:1', 'docker.io/me/app:1', 'me/app:1'],
  ['localhost/app', 'localhost/app:latest', 'localhost/app:latest'],
  ['localhost:5000/x', 'localhost:5000/x:latest', 'localhost:5000/x:latest'],
  ['localhost:5000', 'docker.io/library/localhost:5000', 'localhost:5000'],
  ['[::1]:5000/x:1', '[::1]:5000/x:1', '[::1]:5000/x:1'],
  ['ghcr.io/a/b-c/d__e:V1', 'ghcr.io/a/b-c/d__e:V1', 'ghcr.io/a/b-c/d__e:V1'],
  [`python@${digest}`, `docker.io/library/python@${digest}`, `python@${digest}`],
  [`python:3@${digest}`, `docker.io/library/python:3@${digest}`, `python:3@${digest}`],
  ['docker.io/library/a/b', 'docker.io/library/a/b:latest', 'library/a/b:latest'],
])('%s is %s and shown as %s', (text, full, familiar) => {
  const reference = withDefaultTag(parseReference(text))
  expect(formatReference(reference)).toBe(full)
  expect(familiarName(reference)).toBe(familiar)
  expect(formatReference(parseReference(full))).toBe(full)
})

test.each([
  '',
  ':tag',
  'Python',
  'docker.io/Me/app',
  'a//b',
  'a/',
  '/a',
  'a..b',
  'a___b',
  '-a',
  'a-',
  'a:',
  'a:.b',
  `a:${'x'.repeat(129)}`,
  'a@sha256:12',
  `a@sha512:${'ab'.repeat(64)}`,
  `a@sha256:${'AB'.repeat(32)}`,
  'a@sha256:../../x',
  'a b',
  'a\u0000',
  'ab'.repeat(32),
  `${'a'.repeat(250)}/b`,
  'http://host/a',
])('%j is refused', (text) => {
  expect(() => parseReference(text)).toThrow(
    expect.objectContaining({ code: 'REFERENCE_INVALID', kind: 'invalid' }),
  )
})
