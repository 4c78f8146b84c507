import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseDockerfile } from '../src/dockerfile/index.ts'
import { rewriteDockerfile } from '../src/slim/index.ts'
import { openCase } from './support/fat-world.ts'

const root = join(import.meta.dirname, 'golden', 'slim')
const cases = readdirSync(root).sort()

test('there are cases', () => {
  expect(cases.length).toBeGreaterThanOrEqual(12)
})

test.each(cases)('%s', async (name) => {
  const { dockerfile, planned } = openCase(join(root, name))
  if (planned.kind === 'refusal') {
    const text = `${JSON.stringify(planned.refusal, null, 2)}\n`
    await expect(text).toMatchFileSnapshot(join(root, name, 'refusal.json'))
    return
  }
  const lean = rewriteDockerfile(dockerfile, planned.plan)
  await expect(lean).toMatchFileSnapshot(join(root, name, 'expected.Dockerfile'))
  const parsed = parseDockerfile(lean)
  expect(parsed.diagnostics.filter((one) => one.severity === 'error')).toEqual([])
})
