import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleChanges } from '../support/bases.ts'
import {
  type DockerRegistry,
  findDockerRegistry,
  startDockerRegistry,
} from '../support/docker-registry.ts'
import { type Cli, writeFiles } from '../support/jettison.ts'
import { type Machines, openMachines } from '../support/machines.ts'
import { type WatchedRegistry, watchRegistry } from '../support/watched-registry.ts'

let machines: Machines
let world: string
let registry: DockerRegistry
let watched: WatchedRegistry

beforeAll(async () => {
  bundleChanges()
  machines = openMachines('absent')
  world = machines.folder
  const found = findDockerRegistry()
  if ('missing' in found) throw new Error(found.missing)
  registry = await startDockerRegistry(found.program)
  watched = await watchRegistry(registry)
  const app = project('base', {
    Dockerfile:
      'FROM scratch\nENV A=1\nCOPY one /\nCOPY two etc/passwd /etc/\nONBUILD ENV TRIGGERED=yes\n',
    one: 'one',
    two: 'two',
    'etc/passwd': 'root:x:0:0::/root:/bin/sh\njane:x:7:8::/:/bin/sh\n',
  })
  await machines.add().ok(['build', '-t', `${watched.host}/base:1`, '--push', app])
})

afterAll(async () => {
  await watched.close()
  await registry.close()
  expect(machines.close()).toEqual([])
})

function project(name: string, files: Readonly<Record<string, string>>): string {
  return writeFiles(join(world, name), files)
}

/** What was fetched while something ran: whole blobs, which are layers or configurations. */
async function fetchedBy<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly layers: readonly string[] }> {
  const before = watched.seen.length
  const result = await work()
  const blobs = watched.seen
    .slice(before)
    .filter(({ method, path, bytes }) => method === 'GET' && /\/blobs\/sha256:/.test(path) && bytes)
  const found: string[] = []
  for (const { path } of blobs) if (await isLayer(path)) found.push(path.split('/').at(-1) ?? '')
  return { result, layers: found }
}

/** Asked of the registry itself: a configuration is JSON, a layer is not. */
async function isLayer(path: string): Promise<boolean> {
  const answer = await fetch(`http://${registry.host}${path}`)
  const [first] = new Uint8Array(await answer.arrayBuffer())
  return first !== '{'.charCodeAt(0)
}

type Config = {
  readonly Config: { readonly Env: readonly string[]; readonly Cmd?: readonly string[] }
  readonly RootFS: { readonly Layers: readonly string[] }
}

async function inspect(cli: Cli, name: string): Promise<Config> {
  return (JSON.parse(await cli.ok(['inspect', name])) as readonly Config[])[0] as Config
}

test('what only changes the configuration is pushed without a layer passing through', async () => {
  const name = `${watched.host}/app/labels:1`
  const app = project('labels', {
    Dockerfile: `FROM ${watched.host}/base:1\nENV B=2\nLABEL a=b\nCMD ["/one"]\n`,
  })
  const machine = machines.add()
  const metadata = join(world, 'metadata.json')
  const { layers: fetched } = await fetchedBy(() =>
    machine.ok(['build', '-t', name, '--push', '--metadata-file', metadata, app]),
  )
  expect(fetched).toEqual([])
  expect(JSON.parse(readFileSync(metadata, 'utf8'))).toMatchObject({
    'containerimage.digest': expect.stringMatching(/^sha256:/),
  })
  expect(JSON.parse(await machine.ok(['images', '--json']))).toEqual([])
  expect(await machine.ok(['fsck'])).not.toContain('missing')
  // It is whole: another machine pulls it, and this one when it is asked to.
  const other = machines.add()
  await other.ok(['pull', name])
  const { Config: config, RootFS } = await inspect(other, name)
  expect(config.Env).toEqual(expect.arrayContaining(['A=1', 'B=2', 'TRIGGERED=yes']))
  expect(config.Cmd).toEqual(['/one'])
  expect(RootFS.Layers.length).toBe(2)
  // The same from a machine that keeps it, byte for byte.
  const keeper = machines.add()
  await keeper.ok(['build', '-t', 'kept', app])
  expect((await inspect(keeper, 'kept')).RootFS).toEqual(RootFS)
})

test('a stage that is read for its configuration only is not fetched', async () => {
  const app = project('stages', {
    Dockerfile: `FROM ${watched.host}/base:1 AS settings\nENV C=3\nFROM settings AS more\nLABEL x=y\nFROM scratch\nCOPY file /\n`,
    file: 'file',
  })
  const { layers: fetched } = await fetchedBy(() =>
    machines.add().ok(['build', '--target', 'more', '--push', '-t', `${watched.host}/more:1`, app]),
  )
  expect(fetched).toEqual([])
})

test('a builder whose steps are all in the cache is not fetched, its base neither', async () => {
  const app = project('cached', {
    Dockerfile: `FROM ${watched.host}/base:1 AS builder\nWORKDIR /w\nCOPY src /made/\nFROM scratch\nCOPY --from=builder /made /app\n`,
    src: 'source',
  })
  const ref = `${watched.host}/cache:1`
  const first = machines.add()
  await first.ok(['build', '-t', 'app', '--cache-to', `type=registry,mode=max,ref=${ref}`, app])
  const second = machines.add()
  const args = ['build', '-t', 'app', '--json', '--cache-from', ref]
  const kept = await fetchedBy(() => second.ok([...args, app]))
  expect(JSON.parse(kept.result)).toMatchObject({ ran: 0, cached: 3 })
  // The one layer that the result has.
  expect(kept.layers.length).toBe(1)
  expect((await inspect(second, 'app')).RootFS).toEqual((await inspect(first, 'app')).RootFS)
  // Where the result is only pushed, not even that one; nor where the cache is written again.
  const name = `${watched.host}/app/cached:1`
  const again = ['--cache-to', `type=registry,mode=max,ref=${watched.host}/cache:2`]
  const sent = await fetchedBy(() =>
    machines
      .add()
      .ok([...args, '-t', name, '--output', `type=registry,name=${name}`, ...again, app]),
  )
  expect(sent.layers).toEqual([])
  const third = machines.add()
  await third.ok(['pull', name])
  expect((await inspect(third, name)).RootFS).toEqual((await inspect(first, 'app')).RootFS)
  const fourth = machines.add()
  const target = ['--target', 'builder', '--cache-from', `${watched.host}/cache:2`]
  expect(JSON.parse(await fourth.ok(['build', '--json', ...target, app]))).toMatchObject({ ran: 0 })
})

test('what is read is fetched once, whoever reads it, and belongs to the store from then on', async () => {
  const app = project('read', {
    Dockerfile: `FROM ${watched.host}/base:1 AS a\nCOPY --chown=jane file /a\nFROM ${watched.host}/base:1 AS b\nWORKDIR /b\nFROM scratch\nCOPY --from=a /a /one /\nCOPY --from=b /etc/two /\nCOPY --from=${watched.host}/base:1 /etc/passwd /\n`,
    file: 'file',
  })
  const machine = machines.add()
  const { layers: fetched } = await fetchedBy(() => machine.ok(['build', '-t', 'read', app]))
  expect(new Set(fetched).size).toBe(2)
  expect(fetched.length).toBe(2)
  const files = join(world, 'files.tar')
  await machine.ok(['build', '--target', 'a', '-o', `type=tar,dest=${files}`, app])
  const listed = execFileSync('tar', ['tvf', files, '--numeric-owner'], { encoding: 'utf8' })
  expect(listed).toMatch(/ 7\/8 .* a$/m)
  // The base is an image like one that was pulled, and no build asks the registry again.
  const asked = watched.seen.length
  expect(await machine.ok(['images'])).toContain(`${watched.host}/base`)
  await machine.ok(['build', '-t', 'read', app])
  expect(watched.seen.length).toBe(asked)
})

test('of two that build on one base at the same time, one fetches it', async () => {
  const app = project('both', { Dockerfile: `FROM ${watched.host}/base:1\nWORKDIR /w\n` })
  const machine = machines.add()
  const build = (tag: string): Promise<string> => machine.ok(['build', '-q', '-t', tag, app])
  const { layers: fetched } = await fetchedBy(() => Promise.all([build('x'), build('y')]))
  expect(new Set(fetched).size).toBe(fetched.length)
  expect(fetched.length).toBe(2)
  expect(await machine.ok(['fsck'])).not.toContain('missing')
})

test('a base that cannot be fetched when it is read is an error of its FROM, and nothing of it stays', async () => {
  const app = project('gone', {
    Dockerfile: `FROM scratch AS first\nCOPY file /\nFROM ${watched.host}/base:1\nCOPY --from=first /file /\n`,
    file: 'file',
  })
  const machine = machines.add()
  const answer = await fetch(`http://${registry.host}/v2/base/manifests/1`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  })
  const manifest = (await answer.json()) as { readonly layers: readonly { digest: string }[] }
  const gone = manifest.layers.map(({ digest }) => digest)
  watched.refuse = (method, path) =>
    method === 'GET' && gone.some((digest) => path.endsWith(digest)) ? 404 : undefined
  const { code, stderr } = await machine.run(['build', '-t', 'gone', app])
  watched.refuse = () => undefined
  expect({ code, stderr }).toMatchObject({ code: 1 })
  expect(stderr).toContain('BASE_NOT_FOUND')
  expect(stderr).toMatch(/Dockerfile:3/)
  expect(JSON.parse(await machine.ok(['images', '--json']))).toEqual([])
  expect(await machine.ok(['fsck'])).not.toContain('missing')
  await machine.ok(['build', '-t', 'gone', app])
})
