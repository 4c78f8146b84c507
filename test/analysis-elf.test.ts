import { execFileSync } from 'node:child_process'
import { realpathSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allElfFiles, type Elf, linkClosure, readElf, readElfAt } from '../src/analysis/index.ts'
import { debianRoot } from './support/debian-root.ts'
import { hostTree } from './support/host-tree.ts'

const root = debianRoot()
const debian = hostTree(root)
const machine = hostTree('/')
const sample = [
  ...[...allElfFiles(debian)].map(({ path }) => ({ host: `${root}${path}`, path, tree: debian })),
  ...[...allElfFiles(machine, '/usr/bin')].map(({ path }) => ({ host: path, path, tree: machine })),
].filter((_, index) => index % 4 === 0)

/** Sections of readelf's output by file; it prints a `File:` line when it is given several. */
function readelf(option: string, paths: readonly string[]): ReadonlyMap<string, string> {
  const out = execFileSync('readelf', ['-W', option, ...paths], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return new Map(
    out
      .split(/^File: /m)
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')), text]),
  )
}

const all = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map((match) => match[1] ?? '')

function expectedVersions(text: string): Pick<Elf, 'versionNeeds' | 'versionDefs'> {
  const needs = /Version needs section[\s\S]*?(?=\n\n|$(?![\s\S]))/.exec(text)?.[0] ?? ''
  const defs = /Version definition section[\s\S]*?(?=\n\n|$(?![\s\S]))/.exec(text)?.[0] ?? ''
  const versionNeeds = new Map(
    needs
      .split(/(?= {2}[0-9a-fx]+: Version: )/)
      .slice(1)
      .map((part) => [
        /File: (\S+)/.exec(part)?.[1] ?? '',
        all(part, /Name: (\S+) {2}Flags: (?!WEAK)/g),
      ]),
  )
  const versionDefs = all(defs, /Flags: (?!BASE)[^\n]*Name: (\S+)/g)
  return { versionNeeds, versionDefs }
}

test('dynamic sections are read as readelf reads them', () => {
  expect(sample.length).toBeGreaterThan(300)
  const told = readelf(
    '-d',
    sample.map(({ host }) => host),
  )
  const expected = sample.map(({ host, path }) => {
    const text = told.get(host) ?? ''
    const paths = (tag: string): string[] =>
      all(text, new RegExp(`\\(${tag}\\)[^[]*\\[([^\\]]*)\\]`, 'g')).flatMap((one) =>
        one.split(':'),
      )
    return {
      path,
      needed: all(text, /\(NEEDED\)[^[]*\[([^\]]*)\]/g),
      soname: all(text, /\(SONAME\)[^[]*\[([^\]]*)\]/g)[0],
      rpath: paths('RPATH'),
      runpath: paths('RUNPATH'),
    }
  })
  const read = sample.map(({ tree, path }) => {
    const elf = readElfAt(tree, path)
    return {
      path,
      needed: elf?.needed,
      soname: elf?.soname,
      rpath: elf?.rpath,
      runpath: elf?.runpath,
    }
  })
  expect(read).toEqual(expected)
  expect(expected.filter(({ needed }) => needed.length > 0).length).toBeGreaterThan(100)
})

test('symbol versions are read as readelf reads them', () => {
  const told = readelf(
    '-V',
    sample.map(({ host }) => host),
  )
  const expected = sample.map(({ host, path }) => ({
    path,
    ...expectedVersions(told.get(host) ?? ''),
  }))
  const read = sample.map(({ tree, path }) => {
    const elf = readElfAt(tree, path)
    return { path, versionNeeds: elf?.versionNeeds, versionDefs: elf?.versionDefs }
  })
  expect(read).toEqual(expected)
  expect(expected.filter(({ versionDefs }) => versionDefs.length > 0).length).toBeGreaterThan(10)
})

test('interpreters are read as readelf reads them', () => {
  const told = readelf(
    '-l',
    sample.map(({ host }) => host),
  )
  const expected = sample.map(
    ({ host }) => all(told.get(host) ?? '', /Requesting program interpreter: (.*)\]/g)[0],
  )
  expect(sample.map(({ tree, path }) => readElfAt(tree, path)?.interpreter)).toEqual(expected)
  expect(new Set(expected).size).toBeGreaterThan(1)
})

test('the closure of a program is what ldd prints', () => {
  const programs = [...allElfFiles(machine, '/usr/bin')]
    .map(({ path }) => path)
    .filter((path) => readElfAt(machine, path)?.interpreter !== undefined)
    .filter((_, index) => index % 9 === 0)
  expect(programs.length).toBeGreaterThan(20)
  for (const program of programs) {
    const told = execFileSync('ldd', [program], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const expected = all(told, /(?:=> |^\s+)(\/\S+) \(0x/gm).map((path) => realpathSync(path))
    const closure = linkClosure(machine, [program], { env: [] })
    expect(closure.links.filter(({ found }) => found === undefined)).toEqual([])
    const found = [...closure.elves.keys()].filter((path) => path !== realpathSync(program))
    expect(new Set(found), program).toEqual(new Set(expected))
  }
})

test('a library that is taken away is named, with who needs it', () => {
  const without = hostTree(root, ['/usr/lib/x86_64-linux-gnu/libtinfo.so.6'])
  const { links } = linkClosure(without, ['/bin/bash'], { env: [] })
  expect(links.filter(({ found }) => found === undefined)).toEqual([
    { from: '/usr/bin/bash', needed: 'libtinfo.so.6', found: undefined, missingVersions: [] },
  ])
})

test('a missing interpreter is named', () => {
  const without = hostTree(root, ['/usr/lib64'])
  const { missingInterpreters } = linkClosure(without, ['/bin/bash'], { env: [] })
  expect([...missingInterpreters]).toEqual([['/usr/bin/bash', '/lib64/ld-linux-x86-64.so.2']])
})

test('hostile ELF files give an answer or nothing, and never throw', () => {
  const real = sample
    .filter(({ tree, path }) => (tree.lookup(path)?.size ?? 0) < 200_000)
    .slice(0, 6)
    .map(({ tree, path }) => tree.read(path))
  expect(real.length).toBeGreaterThan(3)
  const damaged = fc
    .record({
      bytes: fc.constantFrom(...real),
      edits: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 40 }),
      early: fc.boolean(),
      cut: fc.option(fc.nat()),
    })
    .map(({ bytes, edits, early, cut }) => {
      const copy = Uint8Array.from(bytes)
      for (const [at, value] of edits) copy[at % (early ? 2048 : copy.length)] = value
      copy.set([0x7f, 0x45, 0x4c, 0x46])
      return cut === null ? copy : copy.subarray(0, cut % copy.length)
    })
  let understood = 0
  fc.assert(
    fc.property(damaged, (bytes) => {
      if (readElf(bytes)) understood += 1
    }),
    { numRuns: 3000 },
  )
  expect(understood).toBeGreaterThan(100)
})
