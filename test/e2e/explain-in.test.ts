import { beforeAll, expect, test } from 'vitest'
import type { Explained, ExplainedGroup } from '../../src/app/index.ts'
import { storeWithBases } from '../support/bases.ts'
import type { Cli } from '../support/jettison.ts'

let jettison: Cli

beforeAll(() => {
  jettison = storeWithBases(['python:3.11'])
})

async function explained(name: string): Promise<unknown> {
  return JSON.parse(await jettison.ok(['explain', name, '--in', 'python:3.11', '--json']))
}

async function why(name: string): Promise<Explained> {
  return (await explained(name)) as Explained
}

test('a compiler: its package, who asked for it, that nothing loads it', async () => {
  const found = await why('/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus')
  expect(found).toMatchObject({
    subject: 'file',
    package: { manager: 'dpkg', name: 'g++-12' },
    category: { id: 'compilers', ballast: true },
    evidence: 'dpkg: g++-12 is a build tool',
    confidence: 'A',
    neededBy: [],
    loadedThrough: [],
    started: false,
  })
  expect(found.because.at(-1)).toBe('g++-12')
  expect(found.because.length).toBeGreaterThan(1)
  expect(found.origins[0]?.createdBy).toContain('apt-get install')
  expect(found.traced).toBeGreaterThan(20)
})

test('a library that Python loads: the modules that link it, whether asked as file, as link or as package', async () => {
  const link = await why('/usr/lib/x86_64-linux-gnu/libssl.so.3')
  expect(link).toMatchObject({ package: { name: 'libssl3' }, category: { ballast: false } })
  const module = expect.stringMatching(/\/_ssl\.[^ ]+ -> libssl\.so\.3$/)
  expect(link.neededBy).toContainEqual(module)
  expect(link).toMatchObject({ confidence: 'A', goesIf: null })
  expect(link.evidence).toMatch(/^loaded at run time by _\w+\.cpython/)
  expect(link.loadedThrough.at(-1)).toBe(link.name)
  const owner = await why('libssl3')
  expect(owner.subject).toBe('package')
  expect(owner.neededBy).toContainEqual(module)
  expect(owner.bytes).toBeGreaterThan(link.bytes)
})

test('what has to be removed is what apt itself would remove for it', async () => {
  const { goesIf, category } = await why('g++-12')
  expect(category.id).toBe('compilers')
  const remove = goesIf?.remove ?? []
  expect(remove.length).toBeGreaterThan(0)
  const purge = ['apt-get', '-s', '-o', 'Debug::NoLocking=1', '--auto-remove', 'purge', ...remove]
  const told = await jettison.ok(['run', '--rm', 'python:3.11', ...purge])
  const gone = [...told.matchAll(/^Purg (\S+)/gm)].map(([, name]) => name)
  expect(gone).toContain('g++-12')
  expect(goesIf?.packages).toBe(gone.length)
  const shown = await jettison.ok(['explain', 'g++-12', '--in', 'python:3.11'])
  expect(shown).toContain(`apt-get purge --autoremove ${remove.join(' ')}`)
})

test('a directory, a category and a layer', async () => {
  const lib = (await explained('/usr/lib/gcc')) as ExplainedGroup
  const inside = await why('/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus')
  expect(lib).toMatchObject({ subject: 'directory', name: '/usr/lib/gcc' })
  expect(lib.parts.map(({ name }) => name)).toContain(inside.category.title)
  expect(lib.bytes).toBeGreaterThan(inside.bytes)
  expect(sum(lib.parts)).toBe(lib.bytes)
  const compilers = (await explained('compilers')) as ExplainedGroup
  expect(compilers).toMatchObject({ subject: 'category', ballast: true })
  expect(compilers.owners.map(({ name }) => name)).toContain('g++-12 (dpkg)')
  expect(sum(compilers.parts)).toBe(compilers.bytes)
  const layer = (await explained(compilers.parts[0]?.name ?? '')) as ExplainedGroup
  expect(layer).toMatchObject({ subject: 'layer', ballast: null })
  expect(layer.parts.map(({ name }) => name)).toContain(compilers.title)
  expect(sum(layer.parts)).toBeLessThanOrEqual(layer.bytes)
  const shown = await jettison.ok(['explain', ...layer.name.split(' '), '--in', 'python:3.11'])
  expect(shown.split('\n', 1)[0]).toContain(layer.name)
})

test('what the image starts says so; what is not there is refused', async () => {
  expect(await why('/usr/local/bin/python3')).toMatchObject({ started: true })
  const ran = await jettison.run(['explain', '/no/such', '--in', 'python:3.11'])
  expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('NOT_IN_IMAGE')])
})

function sum(groups: ExplainedGroup['parts']): number {
  return groups.reduce((total, { bytes }) => total + bytes, 0)
}
