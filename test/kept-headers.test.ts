import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { storeWithBases } from './support/bases.ts'
import { type Cli, writeFiles } from './support/jettison.ts'

const base = 'python:3.11-slim'
const tag = 'jettison-test/kept-headers'
const site = '/usr/local/lib/python3.11/site-packages'
const world = mkdtempSync(join(tmpdir(), 'jettison-kept-'))
let cli: Cli

beforeAll(() => {
  cli = storeWithBases([base])
})

afterAll(async () => {
  await cli.run(['rmi', tag])
  rmSync(world, { recursive: true, force: true })
})

/** What `check` says of an image with these files above Python's. */
async function judged(name: string, files: Readonly<Record<string, string>>): Promise<Judged> {
  const folder = writeFiles(join(world, name), {
    ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`root${path}`, text])),
    Dockerfile: `FROM ${base}\nCOPY root /\n`,
    'jettison.yaml': 'version: 1\npolicies:\n  no-dev-headers: {}\n',
  })
  await cli.ok(['build', '--progress', 'quiet', '-t', tag, folder])
  const ran = await cli.run(['check', folder, '--image', tag, '--json'])
  const { results } = JSON.parse(ran.stdout) as { readonly results: readonly Judged[] }
  const found = results.find(({ id }) => id === 'no-dev-headers')
  return found as Judged
}

type Judged = {
  readonly id: string
  readonly status: string
  readonly notCounted: readonly string[]
}

test('headers that a package lists stay with it, others have to go', async () => {
  const numpy = {
    [`${site}/numpy-1.26.dist-info/METADATA`]: 'Name: numpy\nVersion: 1.26\n',
    [`${site}/numpy-1.26.dist-info/RECORD`]: 'numpy/include/a.h,,\nnumpy/__init__.py,,\n',
    [`${site}/numpy/include/a.h`]: '#define A 1',
    [`${site}/numpy/__init__.py`]: '# much more than its header\n',
  }
  const kept = await judged('kept', numpy)
  expect(kept.status).toBe('pass')
  expect(kept.notCounted).toContainEqual(expect.stringMatching(/^11B that packages which stay/))
  const own = await judged('own', { ...numpy, '/usr/local/include/own.h': '#define B 2' })
  expect(own.status).toBe('fail')
})
