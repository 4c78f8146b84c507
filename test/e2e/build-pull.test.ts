import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleChanges } from '../support/bases.ts'
import { cliOn, leftovers, writeFiles } from '../support/jettison.ts'
import { type MemoryRegistry, startMemoryRegistry } from '../support/memory-registry.ts'

let world: string
let registry: MemoryRegistry

beforeAll(async () => {
  bundleChanges()
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-pull-'))
  registry = await startMemoryRegistry()
})

afterAll(async () => {
  await registry.close()
  const left = ['maker', 'user'].flatMap((name) => leftovers(join(world, name)))
  rmSync(world, { recursive: true, force: true })
  expect(left).toEqual([])
})

test('--pull looks for a newer base; --metadata-file says what became of the build', async () => {
  const [maker, user] = ['maker', 'user'].map((name) => cliOn(join(world, name)))
  if (!maker || !user) throw new Error('no command')
  const name = `${registry.host}/base:1`
  const make = async (text: string): Promise<void> => {
    const base = writeFiles(join(world, 'base'), { Dockerfile: `FROM scratch\nENV MADE=${text}\n` })
    await maker.ok(['build', '-t', name, '--push', base])
  }
  const app = writeFiles(join(world, 'app'), { Dockerfile: `FROM ${name}\nLABEL a=b\n` })
  const file = join(world, 'metadata.json')
  const builtOn = async (...flags: readonly string[]): Promise<unknown> => {
    await user.ok(['build', '-t', 'app', '--metadata-file', file, ...flags, app])
    const [shown] = JSON.parse(await user.ok(['inspect', 'app']))
    const written = JSON.parse(readFileSync(file, 'utf8'))
    expect(written).toMatchObject({ 'containerimage.config.digest': shown.Id, 'image.name': 'app' })
    return shown.Config.Env.at(-1)
  }
  await make('first')
  expect(await builtOn()).toBe('MADE=first')
  await make('second')
  expect(await builtOn()).toBe('MADE=first')
  expect(await builtOn('--pull')).toBe('MADE=second')
  expect(await builtOn()).toBe('MADE=second')
})
