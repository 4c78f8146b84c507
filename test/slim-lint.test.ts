import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lintDockerfile } from '../src/lint/index.ts'

const root = join(import.meta.dirname, 'golden', 'slim')
const rewritten = readdirSync(root).filter((name) =>
  existsSync(join(root, name, 'expected.Dockerfile')),
)

test('there are rewrites to examine', () => {
  expect(rewritten.length).toBeGreaterThan(10)
})

// What slim leaves behind must be what the user wrote: it adds no warning, and it takes the fat base away.
test.each(rewritten)('%s: the rewrite has no warning that the original had not', (name) => {
  const fat = warningsOf(join(root, name, 'Dockerfile'))
  const lean = warningsOf(join(root, name, 'expected.Dockerfile'))
  expect([...lean].filter((rule) => !fat.has(rule))).toEqual([])
  expect(lean).not.toContain('FullBaseImage')
})

function warningsOf(path: string): ReadonlySet<string> {
  const source = { name: path, text: readFileSync(path, 'utf8') }
  const { findings, errors } = lintDockerfile({ source, ignore: [] })
  expect(errors).toEqual([])
  return new Set(findings.filter(({ severity }) => severity === 'warning').map(({ rule }) => rule))
}
