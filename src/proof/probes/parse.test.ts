import { expect, test } from 'vitest'
import { isFault } from '../../base/index.ts'
import { parseProbe } from './parse.ts'
import { probeName } from './types.ts'

test.each([
  ['http://:5000/health', 'GET :5000/health'],
  ['http://localhost:80', 'GET :80/'],
  ['post http://127.0.0.1:8080/a?b=c', 'POST :8080/a?b=c'],
  ['cmd: python -c "import app"', 'cmd: python -c import app'],
  ['cmd: ["python", "-V"]', 'cmd: python -V'],
  ['cmd: curl -f localhost | grep ok', 'cmd: /bin/sh -c curl -f localhost | grep ok'],
])('%s', (text, name) => {
  expect(probeName(parseProbe(text))).toBe(name)
})

test('a status after the arrow is what fat must answer', () => {
  expect(parseProbe('http://:5000/gone => 410')).toMatchObject({
    path: '/gone',
    expect: { status: 410 },
  })
})

test.each([
  'health',
  'http://example.org:80/',
  'http://:0/',
  'http://:99999/',
  'http:///health',
  'FETCH http://:80/',
  'https://:443/',
  'cmd:',
  'cmd: [1]',
  'cmd: ["a"',
])('%s is refused', (text) => {
  const error = catching(() => parseProbe(text))
  expect(isFault(error) && error.code).toBe('PROBE_INVALID')
})

function catching(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
