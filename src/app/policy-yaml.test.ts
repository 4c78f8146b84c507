import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readYaml } from './policy-yaml.ts'

const world = mkdtempSync(join(tmpdir(), 'jettison-yaml-'))

afterAll(() => rmSync(world, { recursive: true, force: true }))

async function read(text: string): ReturnType<typeof readYaml> {
  const path = join(world, 'jettison.yaml')
  writeFileSync(path, text)
  return readYaml(path)
}

test.each([
  [['version'], 'version'],
  [['policies', 'user', 'not'], 'not'],
  [['policies', 'files', 'absent', 1], '"b c"'],
  [['policies', 'files', 'gone'], 'files'],
  [['ignore', 0, 'reason'], 'reason'],
  [['ignore', 0, 'until'], '{ path: /x, reason: y }'],
])('the place of %j is %s', async (key, text) => {
  const { origin } = await read(
    [
      'version: 1',
      'policies:',
      '  user: { not: root }',
      '  files:',
      '    absent: [a, "b c"]',
      'ignore:',
      '  - { path: /x, reason: y }',
      '',
    ].join('\n'),
  )
  const place = origin.place(key)
  const { start = 0, end = 0 } = place?.range ?? {}
  expect(place?.source.text.slice(start, end)).toBe(text)
})

test('a value of several lines is shown by its first one', async () => {
  const { origin } = await read('ignore:\n  - path: /x\n    reason: y\n')
  const place = origin.place(['ignore', 0])
  expect(place?.source.text.slice(place.range?.start, place.range?.end)).toBe('path: /x')
})

test.each([
  ['a tab', 'policies:\n\tuser: x\n'],
  ['a key twice', 'a: 1\na: 2\n'],
  ['an open bracket', 'a: [1\n'],
  ['two documents', 'a: 1\n---\na: 2\n'],
  [
    'anchors that multiply',
    `${'a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n'}c: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`,
  ],
])("%s is refused as the user's mistake", async (_, text) => {
  await expect(read(text)).rejects.toMatchObject({ code: 'POLICY_INVALID', kind: 'invalid' })
})

test('a folder and a file that is not there are refused, and an empty file says nothing', async () => {
  await expect(readYaml(world)).rejects.toMatchObject({ code: 'POLICY_INVALID' })
  await expect(readYaml(join(world, 'gone'))).rejects.toMatchObject({ code: 'POLICY_INVALID' })
  expect((await read('')).value).toBeNull()
})
