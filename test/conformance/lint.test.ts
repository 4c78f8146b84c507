import { expect, test } from 'vitest'
import { checks } from '../../src/lint/index.ts'
import { findingsOf, readRecorded } from './lint/checks.ts'

const recorded = readRecorded()

test.each(recorded.cases.map((one, index) => [index, one] as const))('case %i', (_, one) => {
  expect(findingsOf(one), one.dockerfile).toEqual(one.findings)
})

test('descriptions and pages are those of BuildKit', () => {
  for (const { id, description, url } of checks) {
    const theirs = recorded.rules[id]
    if (theirs) expect({ description, url }, id).toEqual(theirs)
  }
})

test('the record speaks of every check but the one that needs an image', () => {
  const unheard = checks.filter(({ id }) => !Object.hasOwn(recorded.rules, id)).map(({ id }) => id)
  expect(unheard).toEqual(['InvalidBaseImagePlatform'])
})
