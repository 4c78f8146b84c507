import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { expandWord, parseDockerfile } from '../../dockerfile/index.ts'
import { globMatch } from '../../image/index.ts'
import { copyLines } from './places.ts'

const names = [
  'plain.js',
  '[id].js',
  '[...all].tsx',
  '$slug.tsx',
  'what?.txt',
  'a*b',
  "it's",
  'say "x"',
  'two words',
]

/** What the builder would look for and where it would put it, variables expanded. */
function readCopy(line: string): readonly [readonly string[], string] {
  const { value, diagnostics } = parseDockerfile(`FROM a AS builder\nFROM b\n${line}\n`)
  expect(diagnostics).toEqual([])
  const copy = value.instructions.at(-1)
  if (copy?.kind !== 'copy') throw new Error(`no COPY: ${line}`)
  const expand = (text: string): string =>
    expandWord(text, () => undefined, { escape: value.escape }).value
  return [copy.sources.map(({ text }) => expand(text)), expand(copy.destination.text)]
}

test.each(names)('a file named %s is copied by its name', (name) => {
  const path = `/srv/pages/${name}`
  const [line = ''] = copyLines({ directories: [], files: [path] }, 'builder')
  const [[source = ''], target] = readCopy(line)
  expect(target).toBe('/srv/pages/')
  expect(names.filter((other) => globMatch(source, `/srv/pages/${other}`))).toEqual([name])
})

test.each(names)('a directory named %s is copied to its own place', (name) => {
  const path = `/srv/${name}`
  const [line = ''] = copyLines({ directories: [path], files: [] }, 'builder')
  const [[source = ''], target] = readCopy(line)
  expect([globMatch(source, path), target]).toEqual([true, path])
})

test.each(names)('a link at %s is made by a shell that reads it as one word', (name) => {
  const links = [{ path: `/srv/${name}`, to: `../${name}` }]
  const [line = ''] = copyLines({ directories: [], files: [], links }, 'builder')
  const command = line.replace('RUN ln -s', "printf '%s\\n'")
  expect(execFileSync('sh', ['-c', command], { encoding: 'utf8' })).toBe(
    `../${name}\n/srv/${name}\n`,
  )
})
