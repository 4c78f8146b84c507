import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
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
import { type MemoryRegistry, startMemoryRegistry } from '../support/memory-registry.ts'
import { unpackedPackage } from '../support/unpacked-package.ts'

let machines: Machines
let world: string
let folder: string
let registry: DockerRegistry
let memory: MemoryRegistry

beforeAll(async () => {
  bundleChanges()
  machines = openMachines('cache')
  world = machines.folder
  folder = writeFiles(join(world, 'app'), {
    src: 'source',
    conf: 'configuration',
    Dockerfile:
      'FROM scratch AS builder\nCOPY src /made/\nWORKDIR /w\nFROM scratch\nCOPY --from=builder /made /app\nCOPY conf /etc/\n',
  })
  const found = findDockerRegistry()
  if ('missing' in found) throw new Error(found.missing)
  registry = await startDockerRegistry(found.program)
  memory = await startMemoryRegistry()
})

afterAll(async () => {
  await registry.close()
  await memory.close()
  expect(machines.close()).toEqual([])
})

type Built = { readonly id: string; readonly ran: number; readonly cached: number }

async function build(cli: Cli, ...args: readonly string[]): Promise<Built> {
  return JSON.parse(await cli.ok(['build', '--json', ...args, folder]))
}

test('steps travel by a registry and by a folder: another machine runs nothing', async () => {
  const first = machines.add()
  const places = [
    ['type=local,mode=max,dest=', 'type=local,src=', join(world, 'cache')],
    ['type=registry,mode=max,ref=', 'type=registry,ref=', `${registry.host}/cache:main`],
  ] as const
  for (const [to, from, where] of places) {
    const made = await build(first, '--cache-to', to + where)
    const second = machines.add()
    const again = await build(second, '--cache-from', from + where)
    expect(again).toMatchObject({ id: made.id, ran: 0, cached: 4 })
    // From then on they are its own, but for those of a stage that nobody read: these stay in the registry.
    const left = from.startsWith('type=local') ? 0 : 2
    expect(await build(second)).toMatchObject({ id: made.id, ran: left })
    expect(
      await build(machines.add(), '--target', 'builder', '--cache-from', from + where),
    ).toMatchObject({ ran: 0 })
  }
})

test('min leaves out the stages that the image does not hold', async () => {
  const cache = join(world, 'min')
  await build(machines.add(), '--cache-to', `type=local,dest=${cache}`)
  const from = ['--cache-from', `type=local,src=${cache}`]
  expect(await build(machines.add(), ...from)).toMatchObject({ ran: 2, cached: 2 })
})

test('an image that was pushed carries its own cache', async () => {
  const name = `${registry.host}/inline:1`
  const made = await build(machines.add(), '-t', name, '--cache-to', 'type=inline', '--push')
  const from = ['--cache-from', name]
  expect(await build(machines.add(), ...from)).toMatchObject({ ran: 2, cached: 2 })
  const args = ['--build-arg', 'BUILDKIT_INLINE_CACHE=1']
  // Which asks for it as well, and the steps are the same ones.
  expect(await build(machines.add(), ...from, ...args)).toMatchObject({ id: made.id })
})

test('what changed runs, what did not does not; layers that no step needs are not fetched', async () => {
  const ref = `${memory.host}/app/cache:1`
  await build(machines.add(), '--cache-to', `type=registry,mode=max,ref=${ref}`)
  const before = readFileSync(join(folder, 'conf'))
  try {
    writeFileSync(join(folder, 'conf'), 'changed')
    const asked = memory.seen.length
    const machine = machines.add()
    expect(await build(machine, '--cache-from', ref)).toMatchObject({ ran: 1, cached: 3 })
    const blobs = memory.seen
      .slice(asked)
      .filter(({ method, url }) => method === 'GET' && /blobs/.test(url))
    // The configuration, and the layers of three steps, two of which are the same bytes or not.
    expect(blobs.length).toBeLessThanOrEqual(4)
  } finally {
    writeFileSync(join(folder, 'conf'), before)
  }
})

test('a cache that is missing, damaged or no cache costs a warning and the time of the build', async () => {
  const wrong = [
    `type=registry,ref=${memory.host}/none:absent`,
    `type=local,src=${join(world, 'none')}`,
    `type=local,src=${join(world, 'half')}`,
  ]
  writeFiles(join(world, 'half'), { 'index.json': '{"manifests": [' })
  for (const from of wrong) {
    const { code, stderr } = await machines.add().run(['build', '--cache-from', from, folder])
    expect({ code, stderr }).toMatchObject({ code: 0 })
    expect(stderr).toContain('warning:')
  }
  const ref = `${memory.host}/app/bad:1`
  await build(machines.add(), '--cache-to', `type=registry,mode=max,ref=${ref}`)
  for (const [digest, bytes] of memory.blobs)
    if (!bytes.includes('"records"'))
      memory.blobs.set(digest, Buffer.concat([bytes, Buffer.from('x')]))
  const made = machines.add()
  const { code, stderr } = await made.run(['build', '--cache-from', ref, folder])
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stderr).toMatch(/warning: .*(?:digest|bytes|SIZE|size)/i)
  expect(await made.ok(['fsck'])).not.toContain('missing')
})

test('the files of cache mounts go along when they are asked for', async () => {
  const app = join(world, 'mounts')
  const busybox = join(unpackedPackage('busybox-static'), 'bin/busybox')
  const withRun = (script: string): string =>
    writeFiles(app, {
      Dockerfile: `FROM scratch\nCOPY busybox /bin/\nRUN --mount=type=cache,target=/c,uid=7 ["/bin/busybox", "sh", "-c", "${script}"]\n`,
    })
  withRun('echo kept > /c/file && /bin/busybox chown 5:6 /c/file')
  copyFileSync(busybox, join(app, 'busybox'))
  const cache = join(world, 'with-mounts')
  const to = ['build', '--cache-to', `type=local,mounts=true,dest=${cache}`, app]
  await machines.add().ok(to)
  withRun(
    '/bin/busybox [ $(/bin/busybox cat /c/file) = kept ] && /bin/busybox [ $(/bin/busybox stat -c %u:%g /c/file) = 5:6 ] && /bin/busybox [ $(/bin/busybox stat -c %u /c) = 7 ]',
  )
  expect((await machines.add().run(['build', app])).code).toBe(1)
  const second = machines.add()
  const from = ['build', '--no-cache', '--cache-from', `type=local,src=${cache}`, app]
  await second.ok(from)
  // What a machine has itself is not replaced.
  withRun('echo own > /c/file')
  await second.ok(from)
  withRun('/bin/busybox [ $(/bin/busybox cat /c/file) = own ]')
  await second.ok(from)
})

test('attributes that do not exist are refused', async () => {
  for (const args of [
    ['--cache-to', 'type=gha'],
    ['--cache-to', 'type=local'],
    ['--cache-from', 'type=local,dir=x'],
    ['--cache-to', 'type=registry,ref=a/b,mode=all'],
  ])
    expect(await machines.add().run(['build', ...args, folder])).toMatchObject({ code: 2 })
})
