import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseDockerfile } from '../dockerfile/index.ts'
import type { PathPattern } from '../image/index.ts'
import { applySafeFixes, type BaseFacts, lintDockerfile, officialImage, rules } from './index.ts'

const folder = join(import.meta.dirname, '../../docs/rules')

test('every rule has a page and every page a rule', () => {
  const pages = readdirSync(folder).map((name) => name.replace(/\.md$/, ''))
  expect(pages.sort()).toEqual(rules.map(({ id }) => id).sort())
})

test('docs/lint.md lists every rule and no other', () => {
  const text = readFileSync(join(folder, '../lint.md'), 'utf8')
  const listed = [...text.matchAll(/^- \[(\w+)\]\(rules\/(\w+)\.md\)/gm)]
  for (const [, name, file] of listed) expect(name).toBe(file)
  expect(new Set(listed.map(([, name]) => name))).toEqual(new Set(rules.map(({ id }) => id)))
})

test('no two rules share an id', () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length)
})

describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
  const page = readPage(readFileSync(join(folder, `${id}.md`), 'utf8'))

  test('the page has its title and its three parts, in order', () => {
    expect(page.headings).toEqual([`# ${id}`, '## Output', '## Description', '## Examples'])
    expect(page.description.length).toBeGreaterThan(40)
  })

  test('the page has a bad and a good example', () => {
    expect(page.examples.map(({ verdict }) => verdict)).toEqual(
      expect.arrayContaining(['bad', 'good']),
    )
  })

  test('the output is what the first bad example gives', () => {
    const bad = page.examples.find(({ verdict }) => verdict === 'bad')
    expect(messagesOf(rule.id, bad)).toContain(page.output)
  })

  test.each(page.examples)('$verdict: $title', (example) => {
    const found = messagesOf(rule.id, example)
    expect(syntaxErrors(example.text)).toEqual([])
    if (example.verdict === 'bad') expect(found).not.toEqual([])
    else expect([found, lintExample(example).errors]).toEqual([[], []])
  })

  test('a comment or the directive silences it', () => {
    for (const example of page.examples.filter(({ verdict }) => verdict === 'bad')) {
      const given = rule.experimental ? 'skip=all' : `skip=${id}`
      const silenced = { ...example, text: example.text.replace(/^# check=.*\n/, '') }
      expect(
        messagesOf(rule.id, { ...silenced, text: `# check=${given}\n${silenced.text}` }),
      ).toEqual([])
    }
  })

  test('safe fixes settle the finding and leave a Dockerfile', () => {
    for (const example of page.examples) {
      const findings = lintExample(example).findings.filter((one) => one.rule === id)
      const { text, fixed } = applySafeFixes(example.text, findings)
      expect(syntaxErrors(text)).toEqual([])
      if (fixed.length > 0) expect(messagesOf(id, { ...example, text })).toEqual([])
    }
  })
})

type Example = {
  readonly verdict: 'bad' | 'good'
  readonly title: string
  readonly text: string
  readonly ignore: readonly PathPattern[] | null
}

function syntaxErrors(text: string): unknown[] {
  return parseDockerfile(text).diagnostics.filter(({ severity }) => severity === 'error')
}

function messagesOf(id: string, example: Example | undefined): string[] {
  return example
    ? lintExample(example)
        .findings.filter(({ rule }) => rule === id)
        .map(({ message }) => message)
    : []
}

function lintExample({ text, ignore }: Example): ReturnType<typeof lintDockerfile> {
  return lintDockerfile({
    source: { name: 'Dockerfile', text },
    platform: { os: 'linux', architecture: 'amd64' },
    ignore,
    base: (reference) => oneArchitecture(reference) ?? officialImage(reference),
  })
}

/** Docker's organisations of one architecture each. */
function oneArchitecture(reference: string): BaseFacts | undefined {
  const architecture = /^(arm64)v8\//.exec(reference)?.[1]
  if (architecture === undefined) return undefined
  return { env: new Map(), shell: false, platform: { os: 'linux', architecture } }
}

function readPage(text: string): {
  readonly headings: readonly string[]
  readonly output: string
  readonly description: string
  readonly examples: readonly Example[]
} {
  const outside = text.replaceAll(/^```[\s\S]*?^```$/gm, '')
  const headings = outside.split('\n').filter((line) => /^#{1,2} /.test(line))
  const part = (name: string): string => text.split(`\n## ${name}\n`)[1]?.split(/\n## /)[0] ?? ''
  const output = /```text\n([\s\S]*?)\n```/.exec(part('Output'))?.[1] ?? ''
  let ignore: readonly PathPattern[] | null = null
  const examples: Example[] = []
  const blocks = /(?:^(❌ Bad|✅ Good): (.*)\n\n)?^```(\w+)\n([\s\S]*?)^```$/gm
  for (const [, verdict, title = '', language, body = ''] of text.matchAll(blocks)) {
    if (language === 'dockerignore')
      ignore = body
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => ({ text: line, negated: false }))
    if (language !== 'dockerfile' || !verdict) continue
    examples.push({ verdict: verdict.includes('Bad') ? 'bad' : 'good', title, text: body, ignore })
  }
  return { headings, output, description: part('Description').trim(), examples }
}
