import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type DockerRegistry,
  findDockerRegistry,
  startDockerRegistry,
} from './support/docker-registry.ts'
import { type Cli, cliOn, writeFiles } from './support/jettison.ts'

const found = findDockerRegistry()

/** One image in a registry of Debian's, and a store that has never seen it. */
describe.skipIf('missing' in found)('docker://NAME looks into an image of a registry', () => {
  const world = mkdtempSync(join(tmpdir(), 'jettison-registry-image-'))
  const home = cliOn(join(world, 'home'))
  const away = cliOn(join(world, 'away'))
  let registry: DockerRegistry | undefined
  let name = ''

  beforeAll(async () => {
    if ('missing' in found) return
    registry = await startDockerRegistry(found.program)
    name = `${registry.host}/team/tiny:1`
    const project = join(world, 'project')
    writeFiles(project, {
      Dockerfile:
        'FROM scratch\nCOPY a.txt b.txt /app/\nCOPY a2.txt /app/a.txt\nEXPOSE 80\nCMD ["/app/a.txt"]\n',
      'a.txt': 'a'.repeat(7000),
      'a2.txt': 'c'.repeat(500),
      'b.txt': 'b'.repeat(300),
      Lean: 'FROM scratch\nCOPY b.txt /app/\nCMD ["/app/b.txt"]\n',
    })
    await home.ok(['build', '-t', name, '-t', 'tiny:1', project])
    await home.ok(['push', name])
  })

  afterAll(async () => {
    await registry?.close()
    rmSync(world, { recursive: true, force: true })
  })

  const json = async (cli: Cli, args: readonly string[]): Promise<Record<string, unknown>> =>
    JSON.parse(await cli.ok([...args, '--json'])) as Record<string, unknown>

  /** Blobs and unpacked layers: what a pull would leave behind. */
  const kept = (): readonly string[] =>
    ['blobs', 'layers', 'images', 'tmp'].flatMap((folder) => {
      try {
        const options = { recursive: true, withFileTypes: true } as const
        return readdirSync(join(away.store, folder), options).flatMap((entry) =>
          entry.isFile() ? entry.name : [],
        )
      } catch {
        return []
      }
    })

  test('analyze says what the store says, and nothing stays', async () => {
    const stored = await json(home, ['analyze', 'tiny:1'])
    const before = kept()
    const streamed = await json(away, ['analyze', `docker://${name}`])
    // Where the lines are is known to the store that built it.
    const layers = stored['layers'] as readonly { readonly instruction: unknown }[]
    expect(layers.map(({ instruction }) => instruction)).toEqual(
      [2, 3].map((line) => ({ file: join(world, 'project', 'Dockerfile'), line })),
    )
    const elsewhere = layers.map((layer) => ({ ...layer, instruction: null }))
    expect(streamed).toEqual({ ...stored, layers: elsewhere, reference: name })
    expect(streamed['hidden']).toMatchObject({ overwritten: 7000 })
    expect(kept()).toEqual(before)
  })

  test('so do history, compare, explain and report', async () => {
    const before = kept()
    expect(await json(away, ['history', `docker://${name}`])).toEqual(
      await json(home, ['history', 'tiny:1']),
    )
    expect(await away.ok(['explain', '/app/b.txt', '--in', `docker://${name}`])).toContain('COPY')
    const compared = await json(away, ['compare', `docker://${name}`, `docker://${name}`])
    expect(compared['before']).toEqual(compared['after'])
    const page = join(world, 'page.html')
    await away.ok(['report', `docker://${name}`, '-o', page])
    expect(readdirSync(world)).toContain('page.html')
    expect(kept()).toEqual(before)
  })

  test('so does the gate, as long as nothing has to be started', async () => {
    const before = kept()
    writeFiles(world, { 'rules.yaml': 'version: 1\npolicies:\n  image-size: { max: 1MB }\n' })
    const args = ['check', `docker://${name}`, '--policy', join(world, 'rules.yaml')]
    expect((await away.run(args)).stdout).toMatch(/image-size/)
    expect(kept()).toEqual(before)
  })

  test('a name that the registry does not know is told as such', async () => {
    const ran = await away.run(['analyze', `docker://${registry?.host}/team/none:1`])
    expect([ran.code, ran.stderr]).toEqual([expect.any(Number), expect.stringMatching(/none/)])
    expect(ran.code).not.toBe(0)
  })
})
