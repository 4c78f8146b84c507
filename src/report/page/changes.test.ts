import { expect, test } from 'vitest'
import { changesOf } from './changes.ts'
import { dockerfileRows } from './dockerfiles.ts'

const before = 'FROM python:3\nRUN pip install psycopg2\nCMD ["app"]\n'
const after = [
  'FROM python:3 AS builder',
  'RUN pip wheel psycopg2',
  'FROM python:3-slim',
  '# libpq5: libpq.so.5, needed by psycopg2',
  'RUN apt-get update \\',
  '    && apt-get install -y libpq5',
  'COPY --from=builder /wheels /wheels',
  'CMD ["app"]',
  '',
].join('\n')

function changes(text: string, repairs: readonly string[] = []) {
  const dockerfile = { path: null, diff: '', before, text }
  const report = { fat: null, lean: null, dockerignore: null, dockerfile, repairs }
  return changesOf(
    report,
    dockerfileRows(before, text).flatMap((row) => row.after ?? []),
  )
}

test('each change has its line, its reason and the rungs that would have noticed', () => {
  const found = changes(after, ['libxml2 is added'])
  expect(found.map(({ line, what }) => [line, what])).toEqual([
    [1, '1 → 2 stages: builder builds, the last one runs'],
    [3, 'the image starts from python:3-slim instead of python:3'],
    [5, 'system packages that the app needs when it runs are installed'],
    [7, '/wheels is copied from builder'],
    [null, 'libxml2 is added'],
  ])
  expect(found[2]?.why).toBe('libpq5: libpq.so.5, needed by psycopg2')
  for (const change of found) expect(change.verifiedBy.length, change.what).toBeGreaterThan(0)
})

test('what stays as it was is no change', () => {
  expect(changes(before)).toEqual([])
})
