import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ourMounts } from '../../../test/support/mounts.ts'
import { descendants, quiet, useStepWorld } from '../../../test/support/step-world.ts'
import type { Event } from '../../base/index.ts'
import type { LayerId, StepMount } from '../../build/index.ts'
import { treeSource } from '../../context/index.ts'
import { createEmbeddedEngine } from './engine.ts'

const steps = useStepWorld()

test('a layer holds what the command changed, and nothing else', async () => {
  const ran = await steps.run(
    'echo hi > /root/new; rm -r /usr/share/doc; mkdir /srv/d; chmod 700 /srv/d',
  )
  expect(ran.exitCode).toBe(0)
  expect(steps.content(ran.layer)).toEqual([
    '/root',
    '/root/new',
    '/srv',
    '/srv/d',
    '/usr',
    '/usr/share',
    '/usr/share/doc whiteout',
  ])
})

test('a command that changes nothing gives an empty layer, also where mount points are missing', async () => {
  const mounts: StepMount[] = [
    { type: 'tmpfs', target: '/opt/deep/er', size: null },
    {
      type: 'secret',
      target: '/run/secrets/token',
      bytes: Buffer.from('s3cret'),
      mode: 0o400,
      uid: 0,
      gid: 0,
    },
  ]
  const before = steps.store.tree([steps.base]).lookup('/opt')?.mtime
  const ran = await steps.run('ls -d /opt/deep/er /run/secrets/token && stat -c %Y /opt', {
    mounts,
  })
  expect(ran.output).toBe(`/opt/deep/er\n/run/secrets/token\n${before}\n`)
  expect(steps.content(ran.layer)).toEqual([])
})

test('the next step sees the layers below it', async () => {
  const first = await steps.run('echo one > /a; echo two > /b')
  const second = await steps.run('cat /a && rm /b && echo three > /c', {
    base: [steps.base, first.layer as LayerId],
  })
  expect(second.output).toBe('one\n')
  expect(steps.content(second.layer)).toEqual(['/b whiteout', '/c'])
})

test('exit codes: the own one, 127 and 126 as Docker has them, 128 + n after a signal', async () => {
  expect(await steps.run('exit 7')).toMatchObject({ exitCode: 7, layer: null })
  expect(await steps.run(['no-such-thing'])).toMatchObject({
    exitCode: 127,
    output: 'exec: "no-such-thing": executable file not found in $PATH\n',
  })
  expect(await steps.run(['/etc/passwd'])).toMatchObject({
    exitCode: 126,
    output: 'exec: "/etc/passwd": permission denied\n',
  })
  expect(await steps.run(['/no/such'])).toMatchObject({
    exitCode: 127,
    output: 'exec: "/no/such": no such file or directory\n',
  })
  // The shell is PID 1 and ends as its child did; PID 1 itself does not die of a signal that it sends to itself.
  expect(await steps.run('sh -c "kill -9 \\$\\$"')).toMatchObject({ exitCode: 137, layer: null })
})

test('an abort in the middle kills everything and leaves nothing', async () => {
  const mounts = ourMounts()
  const controller = new AbortController()
  const running = steps.run(
    'trap "" TERM INT; (setsid sleep 1000 &); echo started > /x; sleep 1000',
    {},
    { signal: controller.signal },
  )
  while (!descendants().some((line) => line.includes('sleep')))
    await new Promise((resolve) => setTimeout(resolve, 5))
  controller.abort(new Error('enough'))
  await expect(running).rejects.toThrow('enough')
  expect(descendants()).toEqual([])
  expect(ourMounts()).toEqual(mounts)
  expect(steps.leftovers()).toEqual([])
})

test('a place that cannot be made is the fault of the step, whatever launcher', async () => {
  const fresh = createEmbeddedEngine({ store: steps.store })
  const file = await steps.run('touch /a-file')
  const base = [steps.base, file.layer as LayerId]
  await expect(
    steps.run('true', { base, cwd: '/a-file/x' }, { engine: fresh }),
  ).rejects.toMatchObject({
    code: 'RUN_SETUP_FAILED',
    message: expect.stringContaining('make /a-file/x: not a directory'),
  })
  await expect(
    steps.run(
      'true',
      { base, mounts: [{ type: 'tmpfs', target: '/a-file', size: null }] },
      { engine: fresh },
    ),
  ).rejects.toMatchObject({ code: 'MOUNT_TARGET_INVALID' })
})

test('the launcher is said once, and an unknown one is refused', async () => {
  const notices: Event[] = []
  const fresh = createEmbeddedEngine({ store: steps.store, isolation: 'perl' })
  const step = {
    base: [steps.base],
    argv: ['true'],
    env: ['PATH=/bin'],
    cwd: '/',
    mounts: [],
    addHosts: [],
  } as const
  const user = { uid: 0, gid: 0, groups: [] }
  for (let at = 0; at < 2; at++)
    await fresh.steps.run(
      { ...step, user, network: 'host', stdin: null },
      { step: 's', emit: (event) => notices.push(event) },
    )
  expect(notices).toEqual([
    {
      kind: 'notice',
      level: 'info',
      code: 'ISOLATION',
      message: "RUN is isolated by perl, with Docker's seccomp profile",
    },
  ])
  expect(() => createEmbeddedEngine({ store: steps.store, isolation: 'docker' })).toThrow(
    'unknown isolation',
  )
})

test('certificates and proxies are for the command only', async () => {
  const ca = Buffer.from('-----BEGIN CERTIFICATE-----\n')
  const store = steps.store
  const special = createEmbeddedEngine({ store, ca, proxy: { https_proxy: 'http://proxy.test:1' } })
  const command = 'cat $SSL_CERT_FILE; echo $PIP_CERT $https_proxy; touch /made'
  const ran = await steps.run(
    command,
    { env: ['PATH=/usr/bin:/bin', 'PIP_CERT=mine'] },
    { engine: special },
  )
  expect(ran.output).toBe(`${ca}mine http://proxy.test:1\n`)
  expect(steps.content(ran.layer)).toEqual(['/made'])
})

test('network none has loopback only; hosts are listed', async () => {
  const { output } = await steps.run(
    'cat /proc/net/dev | grep : | cut -d: -f1 | tr -d " "; grep -E "sandbox|db" /etc/hosts; perl -MIO::Socket::INET -e \'IO::Socket::INET->new(Listen=>1,LocalAddr=>"127.0.0.1") and print "up\\n"\'',
    {
      network: 'none',
      addHosts: ['db:10.1.2.3'],
    },
  )
  expect(output).toBe('lo\n127.0.0.1\tbuildkitsandbox\n10.1.2.3\tdb\nup\n')
})

test('standard input is a file that can be opened again', async () => {
  const stdin = Buffer.from('line one\nline two\n')
  const { output } = await steps.run('cat; cat /dev/stdin | wc -c', { stdin })
  expect(output).toBe('line one\nline two\n18\n')
})

test('a hundred and fifty layers fit', async () => {
  const entry = (at: number) =>
    ({ from: null, to: `/f${at}`, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 1 }) as const
  const source = treeSource(steps.store.tree([steps.base]))
  const layers: LayerId[] = [steps.base]
  for (let at = 0; at < 150; at++)
    layers.push(
      await steps.engine.steps.copy(
        { base: layers, parts: [{ source, entries: [entry(at)] }] },
        quiet,
      ),
    )
  const { output } = await steps.run('ls -d /f[0-9]* | wc -l', { base: layers })
  expect(output).toBe('150\n')
})

test('five trivial steps, for the record', async () => {
  const began = performance.now()
  let base = [steps.base]
  for (let at = 0; at < 5; at++) {
    const { layer } = await steps.run(`echo ${at} > /n`, { base })
    base = [...base, layer as LayerId]
  }
  process.stderr.write(`5 trivial RUNs: ${Math.round(performance.now() - began)} ms\n`)
  expect(readFileSync(join(steps.store.layerPath(base[5] as LayerId), 'n'), 'utf8')).toBe('4\n')
})

test('nothing is left in the store but layers', () => {
  expect(steps.leftovers()).toEqual([])
  expect(readdirSync(join(steps.store.root, 'layers')).length).toBeGreaterThan(0)
})
