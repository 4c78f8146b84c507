import { expect, test } from 'vitest'
import { isFault } from '../base/index.ts'
import { lintDockerfile } from './index.ts'
import { parseCheckOptions } from './options.ts'

const bad = 'FROM alpine:3.20\nENV LANG C\nCMD sh\n'

function rulesIn(text: string, args: Readonly<Record<string, string>> = {}): string[] {
  const { findings } = lintDockerfile({ source: { name: 'Dockerfile', text }, args })
  return findings.map(({ rule }) => rule)
}

test('nothing is skipped unless asked', () => {
  expect(rulesIn(bad)).toEqual(['LegacyKeyValueFormat', 'JSONArgsRecommended'])
})

test('the directive skips by name, or everything', () => {
  expect(rulesIn(`# check=skip=LegacyKeyValueFormat\n${bad}`)).toEqual(['JSONArgsRecommended'])
  expect(rulesIn(`# check=skip=JSONArgsRecommended,LegacyKeyValueFormat\n${bad}`)).toEqual([])
  expect(rulesIn(`# check=skip=all\n${bad}`)).toEqual([])
})

test('names are compared with their case', () => {
  expect(rulesIn(`# check=skip=jsonargsrecommended\n${bad}`)).toContain('JSONArgsRecommended')
})

test('a directive below the first comment is a comment', () => {
  expect(rulesIn(`# hello\n# check=skip=all\n${bad}`)).toHaveLength(2)
})

test('a comment above an instruction speaks for that instruction only', () => {
  const text = bad.replace('ENV', '# check=skip=all // the app needs it\nENV')
  expect(rulesIn(text)).toEqual(['JSONArgsRecommended'])
})

test('BUILDKIT_DOCKERFILE_CHECK replaces the directive', () => {
  const given = { BUILDKIT_DOCKERFILE_CHECK: 'skip=LegacyKeyValueFormat' }
  expect(rulesIn(`# check=skip=all\n${bad}`, given)).toEqual(['JSONArgsRecommended'])
})

test('error=true is handed on', () => {
  const asked = (check: string): boolean =>
    lintDockerfile({ source: { name: 'Dockerfile', text: `# check=${check}\n${bad}` } })
      .returnAsError
  expect(asked('error=true')).toBe(true)
  expect(asked('skip=A;error=1')).toBe(true)
  expect(asked('error=false')).toBe(false)
})

test.each(['foo', 'error=perhaps', 'skip=A;b=c'])('%s is refused with its place', (check) => {
  expect(parseCheckOptions(check)).toHaveProperty('problem')
  const source = { name: 'Dockerfile', text: `# check=${check}\n${bad}` }
  let thrown: unknown
  try {
    lintDockerfile({ source })
  } catch (error) {
    thrown = error
  }
  expect(isFault(thrown) && thrown.code).toBe('CHECK_OPTION_INVALID')
  expect(isFault(thrown) && thrown.at?.range).toBeDefined()
})
