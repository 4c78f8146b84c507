import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ContainerWorld, containerWorld } from '../../../../test/support/container-world.ts'
import type { StoredImage } from '../../../build/index.ts'
import { chooseCapabilities } from '../sandbox/index.ts'
import type { RunOptions } from './index.ts'

let world: ContainerWorld
let image: StoredImage

beforeAll(async () => {
  world = containerWorld()
  image = await world.image({})
})

afterAll(() => world.remove())

function sh(script: string, over: Partial<RunOptions> = {}) {
  const command = ['sh', '-c', script]
  return world.output({ image, reference: 'app', command, removeOnExit: true, ...over })
}

test('an init as PID 1 reaps orphans, passes SIGTERM on and ends as the command does', async () => {
  const script =
    'trap "echo told; exit 5" TERM; (sleep 0.01 &); sleep 0.2; cat /proc/1/cmdline; grep -l "^State.*Z" /proc/[0-9]*/status; echo; echo ready; while :; do sleep 0.01; done'
  const chunks: Uint8Array[] = []
  const owned = await world.containers.run(
    { image, reference: 'app', name: 'init', command: ['sh', '-c', script], init: true },
    { stdin: 'ignore', output: (_, bytes) => chunks.push(bytes) },
  )
  await world.untilLog('init', 'ready')
  await world.containers.stop('init')
  expect(await owned.ended).toEqual({ exitCode: 5, signal: null })
  const text = Buffer.concat(chunks).toString()
  expect(text).toMatch(/^jettison: init/)
  expect(text).not.toContain('/status')
  expect(text).toContain('told')
})

test('exit codes under an init: a signal, a program that is missing, one that is not for us', async () => {
  expect(await sh('kill -9 $$', { init: true })).toEqual([137, ''])
  expect((await sh('exit 9', { init: true, user: '33' }))[0]).toBe(9)
  const [missing, text] = await sh('', { init: true, entrypoint: ['nope'] })
  expect([missing, text]).toEqual([127, expect.stringContaining('executable file not found')])
  expect((await sh('', { init: true, entrypoint: ['/etc/passwd'] }))[0]).toBe(126)
})

test('the init has the rights of the command and no more', async () => {
  const [, text] = await sh(
    'for f in CapEff CapBnd Seccomp Uid; do grep "^$f:" /proc/1/status; grep "^$f:" /proc/self/status; done',
    { init: true, user: '33' },
  )
  const lines = text.trim().split('\n')
  expect(lines).toHaveLength(8)
  for (let at = 0; at < lines.length; at += 2) expect(lines[at]).toBe(lines[at + 1])
})

test('capabilities added and dropped, in exec as well', async () => {
  const capabilities = chooseCapabilities(['sys_nice'], ['CAP_CHOWN'])
  const [, text] = await sh('chown 1 /tmp 2>/dev/null || echo kept; nice -n -5 echo nicer', {
    capabilities,
  })
  expect(text).toBe('kept\nnicer\n')
  const none = chooseCapabilities([], ['ALL'])
  expect(await sh('grep CapEff /proc/self/status', { capabilities: none })).toEqual([
    0,
    'CapEff:\t0000000000000000\n',
  ])
  await world.containers.runDetached({
    ...{ image, reference: 'app', name: 'bare', command: ['sleep', '1000'], capabilities: none },
  })
  const chunks: Uint8Array[] = []
  await world.containers.exec(
    'bare',
    { argv: ['grep', 'CapBnd', '/proc/self/status'] },
    { stdin: 'ignore', output: (_, bytes) => chunks.push(bytes) },
  )
  expect(Buffer.concat(chunks).toString()).toBe('CapBnd:\t0000000000000000\n')
  expect(() => chooseCapabilities(['FLY'], [])).toThrow('unknown capability')
})

const memory = existsSync('/sys/fs/cgroup/cgroup.controllers')
  ? 'memory.max'
  : 'memory/memory.limit_in_bytes'

test.runIf(existsSync(`/sys/fs/cgroup/${memory}`) || memory === 'memory.max')(
  'a limit of memory and processors holds, and its group is gone afterwards',
  async () => {
    const owned = await world.containers.run(
      {
        ...{ image, reference: 'app', removeOnExit: true },
        command: ['perl', '-e', 'my $x = "x" x (200 << 20); print length $x'],
        limits: { memory: 32 << 20, cpus: 0.5 },
      },
      { stdin: 'ignore', output: () => {} },
    )
    expect((await owned.ended).exitCode).toBe(137)
    for (const dir of ['', 'memory/', 'cpu/'])
      expect(existsSync(`/sys/fs/cgroup/${dir}jettison-${owned.id}`)).toBe(false)
  },
)

test('an ended container starts again with what it wrote; it can be renamed and waited for', async () => {
  const script = 'echo x >> /count; wc -l < /count; exit 4'
  const over = { name: 'again', removeOnExit: false }
  expect(await sh(script, over)).toEqual([4, '1\n'])
  await world.containers.start('again')
  expect(await world.containers.wait('again')).toBe(4)
  expect(await world.log('again')).toBe('1\n2\n')
  world.containers.rename('again', 'other')
  expect(() => world.containers.inspect('again')).toThrow('no such container')
  await world.containers.start('other')
  expect(await world.containers.wait('other')).toBe(4)
  expect(await world.log('other')).toBe('1\n2\n3\n')
})

test('the seccomp filter opens with a capability what goes with it', async () => {
  const mount =
    'mount -t tmpfs none /mnt 2>&1 && echo mounted; unshare --uts true 2>&1 && echo named'
  const [, without] = await sh(mount)
  expect(without).not.toMatch(/mounted|named/)
  const [, text] = await sh(mount, { capabilities: chooseCapabilities(['SYS_ADMIN'], []) })
  expect(text).toBe('mounted\nnamed\n')
  // The capability alone is not enough: the calls of others stay closed.
  const [, other] = await sh(mount, { capabilities: chooseCapabilities(['SYS_TIME'], []) })
  expect(other).not.toMatch(/mounted|named/)
})
