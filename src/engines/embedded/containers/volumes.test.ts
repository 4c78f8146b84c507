import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ContainerWorld, containerWorld } from '../../../../test/support/container-world.ts'
import type { StoredImage } from '../../../build/index.ts'
import type { RunOptions, VolumeMount } from './index.ts'

let world: ContainerWorld
let image: StoredImage
let declaring: StoredImage
let host: string

beforeAll(async () => {
  world = containerWorld()
  image = await world.image({})
  declaring = await world.image({ Volumes: { '/etc/apt': {} } })
  host = mkdtempSync(join(tmpdir(), 'volumes-'))
  writeFileSync(join(host, 'file'), 'of the host\n')
})

afterAll(async () => {
  await world.remove()
  rmSync(host, { recursive: true, force: true })
})

function sh(script: string, volumes: readonly VolumeMount[], over: Partial<RunOptions> = {}) {
  return world.output({
    ...{ image, reference: 'app', command: ['sh', '-c', script], volumes, removeOnExit: true },
    ...over,
  })
}

function bind(source: string, target: string, over: Partial<VolumeMount & { type: 'bind' }> = {}) {
  return { type: 'bind', source, target, readOnly: false, create: false, ...over } as const
}

function named(name: string, target: string): VolumeMount {
  return { type: 'volume', name, anonymous: false, target, readOnly: false, seed: true }
}

test('a directory and a file of the host, to write and to read only', async () => {
  const file = join(host, 'file')
  const volumes = [bind(host, '/data'), bind(file, '/etc/one', { readOnly: true })]
  const script =
    'cat /etc/one; echo back > /data/new; (echo no > /etc/one) 2>/dev/null || echo refused'
  const [code, text] = await sh(script, volumes)
  expect([code, text]).toEqual([0, expect.stringContaining('refused')])
  expect(text).toContain('of the host')
  expect(readFileSync(join(host, 'new'), 'utf8')).toBe('back\n')
  expect(readFileSync(file, 'utf8')).toBe('of the host\n')
})

test('read-only holds for what is mounted below the source as well', async () => {
  const below = join(host, 'below')
  mkdirSync(below)
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', below])
  try {
    writeFileSync(join(below, 'seen'), 'deep\n')
    const script =
      'cat /data/below/seen; touch /data/below/x 2>/dev/null || echo refused; touch /data/y 2>/dev/null || echo too'
    const [, text] = await sh(script, [bind(host, '/data', { readOnly: true })])
    expect(text).toMatch(/^deep\n[\s\S]*refused\n[\s\S]*too\n$/)
  } finally {
    execFileSync('umount', [below])
  }
})

test('a missing source is made for -v and refused for --mount', async () => {
  await sh('echo x > /data/made', [bind(join(host, 'fresh'), '/data', { create: true })])
  expect(readFileSync(join(host, 'fresh', 'made'), 'utf8')).toBe('x\n')
  await expect(sh('true', [bind(join(host, 'nowhere'), '/data')])).rejects.toMatchObject({
    code: 'BIND_SOURCE_MISSING',
  })
  expect(existsSync(join(host, 'nowhere'))).toBe(false)
})

test("a target behind a link lies inside the container, and the host's path of that name stays", async () => {
  const inside = mkdtempSync(join(host, 'target-'))
  const [, text] = await sh('cat /usr/lib/one/file; ls /lib/one', [bind(host, '/lib/one')])
  expect(text).toContain('of the host')
  symlinkSync('/', join(inside, 'root'))
  const nested = [bind(inside, '/data'), bind(host, '/data/root/jettison-escape')]
  const [code] = await sh('cat /jettison-escape/file', nested)
  expect(code).toBe(0)
  expect(existsSync('/jettison-escape')).toBe(false)
})

test('a named volume is seeded once from the image, outlives its container and is in use while one has it', async () => {
  const volumes = [named('kept', '/etc/dpkg')]
  const [, seeded] = await sh(
    'stat -c %U:%a /etc/dpkg; ls /etc/dpkg; echo more > /etc/dpkg/more',
    volumes,
  )
  expect(seeded).toMatch(/^root:755\n[\s\S]*dpkg.cfg/)
  const [, again] = await sh('cat /etc/dpkg/more', volumes, { name: 'user', removeOnExit: false })
  expect(again).toBe('more\n')
  expect(world.minbase.store.tree(image.layers).lookup('/etc/dpkg/more')).toBeUndefined()
  expect(world.containers.volumes()).toMatchObject([{ name: 'kept', users: ['user'] }])
  expect(() => world.containers.removeVolume('kept')).toThrow('in use by user')
  await world.containers.remove('user', { force: false, volumes: true })
  world.containers.removeVolume('kept')
  expect(() => world.containers.removeVolume('kept')).toThrow('no such volume')
})

test("the image's VOLUME is a volume of its own, gone with --rm and with rm -v", async () => {
  const [, text] = await sh('ls /etc/apt; grep -c " /etc/apt " /proc/mounts', [], {
    image: declaring,
  })
  expect(text).toMatch(/sources[\s\S]*\n1\n$/)
  expect(world.containers.volumes()).toEqual([])
  await sh('true', [], { image: declaring, name: 'left', removeOnExit: false })
  expect(world.containers.volumes()).toMatchObject([{ anonymous: true, users: ['left'] }])
  await world.containers.remove('left', { force: false, volumes: true })
  expect(world.containers.volumes()).toEqual([])
})

test('a tmpfs has its size and mode, a read-only root refuses, volumes and /dev do not', async () => {
  const volumes: VolumeMount[] = [
    { type: 'tmpfs', target: '/run/fast', size: 1 << 20, mode: 0o750, noExec: true },
    bind(host, '/data'),
  ]
  const script =
    'stat -c %a /run/fast; grep " /run/fast " /proc/mounts; touch /here 2>/dev/null || echo refused; touch /data/w && touch /run/fast/w && touch /dev/shm/w && echo fine; pwd'
  const [code, text] = await sh(script, volumes, { readOnly: true, workdir: '/not/there/yet' })
  expect(code).toBe(0)
  expect(text).toMatch(/^750\ntmpfs .*noexec.*size=1024k/)
  expect(text).toMatch(/refused\nfine\n\/not\/there\/yet\n$/)
})
