import { beforeAll, expect, test } from 'vitest'
import type { Explained } from '../../src/app/index.ts'
import { storeWithBases } from '../support/bases.ts'
import type { Cli } from '../support/jettison.ts'

let jettison: Cli

beforeAll(() => {
  jettison = storeWithBases(['python:3.11'])
})

async function why(name: string): Promise<Explained> {
  return JSON.parse(
    await jettison.ok(['explain', name, '--in', 'python:3.11', '--json']),
  ) as Explained
}

test('a compiler: its package, who asked for it, that nothing loads it', async () => {
  const found = await why('/usr/lib/gcc/x86_64-linux-gnu/12/cc1plus')
  expect(found).toMatchObject({
    subject: 'file',
    package: { manager: 'dpkg', name: 'g++-12' },
    category: { id: 'compilers', ballast: true },
    neededBy: [],
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
  const owner = await why('libssl3')
  expect(owner.subject).toBe('package')
  expect(owner.neededBy).toContainEqual(module)
  expect(owner.bytes).toBeGreaterThan(link.bytes)
})

test('what the image starts says so; what is not there is refused', async () => {
  expect(await why('/usr/local/bin/python3')).toMatchObject({ started: true })
  const ran = await jettison.run(['explain', '/no/such', '--in', 'python:3.11'])
  expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('NOT_IN_IMAGE')])
})
