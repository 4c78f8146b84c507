import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { stagesOf } from '../src/dockerfile/index.ts'
import { lineDiff, type Plan, repairPlan, rewriteDockerfile } from '../src/slim/index.ts'
import { openCase, worldTree } from './support/fat-world.ts'

const root = join(import.meta.dirname, 'golden', 'slim')
const converted = readdirSync(root)
  .filter((name) => existsSync(join(root, name, 'expected.Dockerfile')))
  .sort()

function planOf(name: string): {
  readonly text: string
  readonly lean: string
  readonly plan: Plan
} {
  const { dockerfile, planned } = openCase(join(root, name))
  if (planned.kind !== 'plan') throw new Error(`${name} was refused`)
  return {
    text: dockerfile.text,
    lean: rewriteDockerfile(dockerfile, planned.plan),
    plan: planned.plan,
  }
}

test('there are conversions', () => {
  expect(converted.length).toBeGreaterThanOrEqual(12)
})

test.each(converted)('%s: what is not edited stays byte for byte, in its order', (name) => {
  const { dockerfile, planned } = openCase(join(root, name))
  if (planned.kind !== 'plan') throw new Error('refused')
  const lean = rewriteDockerfile(dockerfile, planned.plan)
  const touched = new Set(
    [...planned.plan.shared, ...planned.plan.rest]
      .filter(
        (step) => step.builder !== 'keep' || step.runtime.every((piece) => piece.kind !== 'same'),
      )
      .map((step) => step.instruction),
  )
  const { stages } = stagesOf(dockerfile)
  const instructions = planned.plan.chain.flatMap((index) => stages[index]?.instructions ?? [])
  let at = 0
  for (const [index, one] of instructions.entries()) {
    if (touched.has(index)) continue
    const start = one.comments[0]?.start ?? one.range.start
    const found = lean.indexOf(dockerfile.text.slice(start, one.range.end), at)
    expect(found, dockerfile.text.slice(start, one.range.end)).toBeGreaterThanOrEqual(at)
    at = found
  }
  expect(instructions.length).toBeGreaterThan(touched.size)
})

test.each(converted)('%s: no comment line is lost but those of removed instructions', (name) => {
  const { text, lean, plan } = planOf(name)
  const { dockerfile } = openCase(join(root, name))
  const instructions = stagesOf(dockerfile).stages.at(-1)?.instructions ?? []
  const removed = plan.rest
    .filter((step) => step.runtime.length === 0)
    .flatMap((step) => instructions[step.instruction]?.comments ?? [])
    .map((range) => text.slice(range.start, range.end).trim())
  const comments = text.split('\n').filter((line) => line.startsWith('#'))
  const kept = new Set(lean.split('\n'))
  expect(comments.filter((line) => !kept.has(line) && !removed.includes(line.trim()))).toEqual([])
})

test.each(converted)('%s: the same input gives the same bytes and line breaks', (name) => {
  const { text, lean } = planOf(name)
  expect(planOf(name).lean).toBe(lean)
  const bare = /(?<!\r)\n/
  expect(bare.test(lean)).toBe(bare.test(text))
  expect(lineDiff(text, lean)).toMatch(/^--- a\/Dockerfile\n\+\+\+ b\/Dockerfile\n@@ /)
})

test('a CRLF file stays one, and is the LF file otherwise', () => {
  const { lean } = planOf('crlf')
  expect(lean.split('\r\n').join('\n')).toBe(planOf('challenge').lean)
})

test('a repair adds the package that owns what is missing, once', () => {
  const { plan } = planOf('challenge')
  const { dockerfile } = openCase(join(root, 'challenge'))
  const missing = { kind: 'library', soname: 'libpq.so.5', neededBy: '/app/x.so' } as const
  const fat = worldTree()
  const repaired = repairPlan(plan, [missing, missing], fat)
  expect(repaired?.steps).toEqual(['added libpq5 (for libpq.so.5)'])
  expect(repaired && rewriteDockerfile(dockerfile, repaired.plan)).toContain(
    '# libpq5: libpq.so.5, found missing by the proof\nRUN apt-get update',
  )
  expect(repaired && repairPlan(repaired.plan, [missing], fat)).toBeUndefined()
})
