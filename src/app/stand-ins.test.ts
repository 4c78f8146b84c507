import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { allStandIns, standInChain, standInFor, standInLabel } from './stand-ins.ts'

test.each([
  'python:3.11',
  'library/python:3.11',
  'docker.io/library/python:3.11',
  'index.docker.io/library/python:3.11',
  'docker.io/python:3.11',
  'python:3.11-bookworm',
])('%s is found', (reference) => {
  expect(standInFor(reference)?.reference).toBe('python:3.11')
})

test.each([
  'python',
  'python:latest',
  'python:3.12',
  'python:3.11.9',
  'someone/python:3.11',
  'example.test/library/python:3.11',
  'localhost:5000/python:3.11',
  'python:3.11@sha256:0000000000000000000000000000000000000000000000000000000000000000',
])('nothing stands for %s', (reference) => {
  expect(standInFor(reference)).toBeUndefined()
})

test('a chain has the bases first and ends with what was asked for', () => {
  expect(standInChain('python:3.11').map((standIn) => standIn.reference)).toEqual([
    'debian:bookworm',
    'buildpack-deps:bookworm',
    'python:3.11',
  ])
  expect(standInChain('node:22-slim').map((standIn) => standIn.reference)).toEqual([
    'debian:bookworm-slim',
    'debian:bookworm',
    'buildpack-deps:bookworm',
    'node:22',
    'node:22-slim',
  ])
  expect(standInChain('node:99')).toEqual([])
})

test.each(allStandIns())('the Dockerfile of $reference agrees with the manifest', (standIn) => {
  const text = readFileSync(standIn.dockerfile, 'utf8')
  expect(/^FROM (\S+)$/m.exec(text)?.[1]).toBe(standIn.base ?? 'scratch')
  const others = [...text.matchAll(/^FROM (\S+) AS/gm)].map(([, name]) => name)
  const below = standInChain(standIn.reference).map((one) => one.reference)
  expect(below).toEqual(expect.arrayContaining(others))
  expect(text).toContain(`${standInLabel}="true"`)
  expect(text).toContain(`${standInLabel}.for="${standIn.reference}"`)
  expect(standIn.context === null).toBe(standIn.rootfs !== null)
  if (standIn.context !== null) expect(existsSync(standIn.context)).toBe(true)
})

test('every base comes before what is built on it', () => {
  const names = allStandIns().map((standIn) => standIn.reference)
  for (const standIn of allStandIns())
    for (const below of [...(standIn.base === null ? [] : [standIn.base]), ...(standIn.also ?? [])])
      expect(names.indexOf(below)).toBeLessThan(names.indexOf(standIn.reference))
})
