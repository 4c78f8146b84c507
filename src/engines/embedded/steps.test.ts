import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Minbase, minbaseStore } from '../../../test/support/minbase.ts'
import type { Event } from '../../base/index.ts'
import type { CopyEntry, LayerId, RunStep, StepIo, StepMount } from '../../build/index.ts'
import { openContext, treeSource } from '../../context/index.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from './engine.ts'
import { capabilityMask } from './sandbox/capabilities.ts'

let world: Minbase
let engine: EmbeddedEngine

beforeAll(() => {
  world = minbaseStore()
  engine = createEmbeddedEngine({ store: world.store })
})

afterAll(() => {
  world.remove()
})

const quiet: StepIo = { step: 'test', emit: () => {} }

type Ran = { readonly exitCode: number; readonly layer: LayerId | null; readonly output: string }

async function run(
  command: string | readonly string[],
  over: Partial<RunStep> = {},
  signal?: AbortSignal,
  on: EmbeddedEngine = engine,
): Promise<Ran> {
  const output: Buffer[] = []
  const emit = (event: Event): void => {
    if (event.kind === 'step-output') output.push(Buffer.from(event.bytes))
  }
  const step: RunStep = {
    base: [world.base],
    argv: typeof command === 'string' ? ['/bin/sh', '-c', command] : command,
    env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root'],
    cwd: '/',
    user: { uid: 0, gid: 0, groups: [] },
    mounts: [],
    network: 'host',
    addHosts: [],
    stdin: null,
    ...over,
  }
  const outcome = await on.steps.run(step, { step: 'test', emit, signal })
  return { ...outcome, output: Buffer.concat(output).toString('utf8') }
}

/** Every path of the layer but the root, `path`, `path -> link` or `path whiteout`, sorted by find(1). */
function content(layer: LayerId | null): string[] {
  if (layer === null) throw new Error('no layer')
  const format = ['-type', 'c', '-printf', '/%P whiteout\\n', '-o', '-printf', '/%P\\n']
  const found = execFileSync('find', [world.store.layerPath(layer), '-mindepth', '1', ...format], {
    encoding: 'utf8',
  })
  return found.split('\n').filter(Boolean).sort()
}

/** Processes that this test process has started and that still run, by command line. */
function descendants(): string[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      if (state !== 'Z') parents.set(Number(name), Number(parent))
    } catch {
      // It has just ended.
    }
  }
  const mine = new Set([process.pid])
  for (let grown = true; grown; ) {
    grown = false
    for (const [pid, parent] of parents)
      if (mine.has(parent) && !mine.has(pid)) {
        mine.add(pid)
        grown = true
      }
  }
  mine.delete(process.pid)
  return [...mine].map(
    (pid) => `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8').slice(0, 80)}`,
  )
}

/** Names in the store's folders of unfinished work. */
function leftovers(): string[] {
  return ['work', 'drafts'].flatMap((name) => readdirSync(join(world.store.root, name)))
}

test('a layer holds what the command changed, and nothing else', async () => {
  const ran = await run('echo hi > /root/new; rm -r /usr/share/doc; mkdir /srv/d; chmod 700 /srv/d')
  expect(ran.exitCode).toBe(0)
  expect(content(ran.layer)).toEqual([
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
  const before = world.store.tree([world.base]).lookup('/opt')?.mtime
  const ran = await run('ls -d /opt/deep/er /run/secrets/token && stat -c %Y /opt', { mounts })
  expect(ran.output).toBe(`/opt/deep/er\n/run/secrets/token\n${before}\n`)
  expect(content(ran.layer)).toEqual([])
})

test('the next step sees the layers below it', async () => {
  const first = await run('echo one > /a; echo two > /b')
  const second = await run('cat /a && rm /b && echo three > /c', {
    base: [world.base, first.layer as LayerId],
  })
  expect(second.output).toBe('one\n')
  expect(content(second.layer)).toEqual(['/b whiteout', '/c'])
})

test('root has exactly the capabilities of Docker, and its seccomp filter', async () => {
  const { output } = await run('grep -E "^(Cap|Seccomp:|NoNewPrivs)" /proc/self/status')
  const mask = capabilityMask.toString(16).padStart(16, '0')
  const none = '0'.repeat(16)
  expect(output.split('\n').map((line) => line.split('\t'))).toEqual([
    ['CapInh:', none],
    ['CapPrm:', mask],
    ['CapEff:', mask],
    ['CapBnd:', mask],
    ['CapAmb:', none],
    ['NoNewPrivs:', '0'],
    ['Seccomp:', '2'],
    [''],
  ])
})

test('another user has none of them, and its groups', async () => {
  const { output } = await run(
    'id; grep -E "^Cap(Prm|Eff|Bnd)" /proc/self/status; echo x > /dev/stdout',
    {
      user: { uid: 33, gid: 33, groups: [4, 24] },
    },
  )
  const mask = capabilityMask.toString(16).padStart(16, '0')
  expect(output).toBe(
    `uid=33(www-data) gid=33(www-data) groups=33(www-data),4(adm),24(cdrom)\nCapPrm:\t${'0'.repeat(16)}\nCapEff:\t${'0'.repeat(16)}\nCapBnd:\t${mask}\nx\n`,
  )
})

test('what the filter refuses is refused, what setuid needs works', async () => {
  const { output } = await run(
    [
      'unshare -U true 2>&1 | grep -o "not permitted"',
      'unshare -m true 2>&1 | grep -o "not permitted"',
      'mount -t tmpfs x /mnt 2>&1 | grep -o "permission denied"',
      'cp /usr/bin/id /tmp/id && chmod u+s /tmp/id && setpriv --reuid 33 --regid 33 --clear-groups /tmp/id -u',
      'setpriv --reuid 33 --regid 33 --clear-groups /tmp/id | grep -o "euid=0"',
      `perl -e 'socket(my $s, 38, 5, 0) or print "AF_ALG: $!\\n"; socket($s, 2, 1, 0) and print "AF_INET ok\\n"'`,
      `perl -e 'syscall(425, 1, 0) == -1 and print "io_uring: ", $!+0, "\\n"; syscall(435, 0, 0) == -1 and print "clone3: ", $!+0, "\\n"'`,
    ].join('; '),
  )
  expect(output.split('\n')).toEqual([
    'not permitted',
    'not permitted',
    'permission denied',
    '0',
    'euid=0',
    'AF_ALG: Operation not permitted',
    'AF_INET ok',
    'io_uring: 1',
    'clone3: 38',
    '',
  ])
})

test('kernel interfaces are masked or read-only', async () => {
  const { output } = await run(
    [
      'for f in /proc/kcore /proc/keys /proc/timer_list /proc/interrupts; do [ ! -e $f ] || wc -c < $f; done | sort -u',
      'for d in /sys/firmware /proc/acpi /proc/scsi; do [ ! -e $d ] || ls -A $d | wc -l; done | sort -u',
      'grep -cE " (/sys|/proc/(sys|irq|fs|bus)) .* ro," /proc/mounts',
      '{ echo 1 > /proc/sys/vm/drop_caches; } 2>&1',
    ].join('; '),
  )
  expect(output).toMatch(/\b0\n0\n5\n/)
  expect(output).toMatch(/drop_caches: Read-only file system/)
})

test('the command sees three descriptors, its own processes and no path of the host', async () => {
  const { output } = await run(
    'ls /proc/$$/fd; echo pid $$; ls -d /proc/[0-9]* | wc -l; hostname; cat /proc/mounts; cat /proc/self/environ | tr "\\0" "\\n"',
  )
  const lines = output.split('\n')
  expect(lines.slice(0, 4)).toEqual(['0', '1', '2', 'pid 1'])
  expect(Number(lines[4])).toBeLessThan(5)
  expect(lines[5]).toBe('buildkitsandbox')
  expect(output).not.toContain(world.store.root)
  expect(output).toMatch(/^HOME=\/root$/m)
  expect(output).not.toMatch(/^(npm_|VITEST|NODE_)/m)
})

test('an entrypoint that is /proc/self/exe cannot write to the interpreter of the host', async () => {
  const { output } = await run([
    '/proc/self/exe',
    '-e',
    'utime(1, 1, "/proc/self/exe") or print "$!\\n"; print "tried\\n"',
  ])
  expect(output).toBe('Read-only file system\ntried\n')
})

test('daemons do not outlive the command', async () => {
  const ran = await run('(setsid sleep 1000 &) ; nohup sleep 1000 >/dev/null 2>&1 & echo done')
  expect(ran.output).toBe('done\n')
  expect(descendants()).toEqual([])
})

test('exit codes: the own one, 127 and 126 as Docker has them, 128 + n after a signal', async () => {
  expect(await run('exit 7')).toMatchObject({ exitCode: 7, layer: null })
  expect(await run(['no-such-thing'])).toMatchObject({
    exitCode: 127,
    output: 'exec: "no-such-thing": executable file not found in $PATH\n',
  })
  expect(await run(['/etc/passwd'])).toMatchObject({
    exitCode: 126,
    output: 'exec: "/etc/passwd": permission denied\n',
  })
  expect(await run(['/no/such'])).toMatchObject({
    exitCode: 127,
    output: 'exec: "/no/such": no such file or directory\n',
  })
  // The shell is PID 1 and ends as its child did; PID 1 itself does not die of a signal that it sends to itself.
  expect(await run('sh -c "kill -9 \\$\\$"')).toMatchObject({ exitCode: 137, layer: null })
})

test('an abort in the middle kills everything and leaves nothing', async () => {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
  const controller = new AbortController()
  const running = run(
    'trap "" TERM INT; (setsid sleep 1000 &); echo started > /x; sleep 1000',
    {},
    controller.signal,
  )
  while (!descendants().some((line) => line.includes('sleep')))
    await new Promise((resolve) => setTimeout(resolve, 5))
  controller.abort(new Error('enough'))
  await expect(running).rejects.toThrow('enough')
  expect(descendants()).toEqual([])
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).toBe(mounts)
  expect(leftovers()).toEqual([])
})

test('a secret is seen with its mode and owner, and is nowhere in the store', async () => {
  const bytes = Buffer.from('a-secret-nobody-else-has')
  const mounts: StepMount[] = [
    { type: 'secret', target: '/etc/deep/token', bytes, mode: 0o440, uid: 33, gid: 4 },
  ]
  const ran = await run(
    'cat /etc/deep/token; stat -c " %a %u %g" /etc/deep/token; echo x > /etc/deep/token',
    {
      mounts,
    },
  )
  expect(ran.output).toContain(`${bytes} 440 33 4\n`)
  expect(ran.output).toContain('Read-only file system')
  const good = await run('touch /etc/beside', { mounts })
  expect(content(good.layer)).toEqual(['/etc', '/etc/beside'])
  // grep answers 1 when it finds nothing.
  expect(() => execFileSync('grep', ['-rl', bytes.toString(), world.store.root])).toThrow()
})

test('a cache mount keeps what was written, and stays out of the layer', async () => {
  const cache = (sharing: 'shared' | 'private' | 'locked'): StepMount => ({
    type: 'cache',
    target: '/var/cache/thing',
    id: `test-${sharing}`,
    sharing,
    readOnly: false,
    mode: 0o770,
    uid: 5,
    gid: 6,
  })
  for (const sharing of ['shared', 'private', 'locked'] as const) {
    const first = await run('echo kept > /var/cache/thing/file', { mounts: [cache(sharing)] })
    expect(content(first.layer)).toEqual([])
    const second = await run('cat /var/cache/thing/file; stat -c "%a %u %g" /var/cache/thing', {
      mounts: [cache(sharing)],
    })
    expect(second.output).toBe('kept\n770 5 6\n')
  }
})

test('locked caches take turns, private ones get a directory each', async () => {
  const command = 'mkdir /c/busy || exit 9; sleep 0.2; rmdir /c/busy'
  const mount = (sharing: 'private' | 'locked'): StepMount[] => [
    {
      type: 'cache',
      target: '/c',
      id: `turns-${sharing}`,
      sharing,
      readOnly: false,
      mode: 0o755,
      uid: 0,
      gid: 0,
    },
  ]
  for (const sharing of ['locked', 'private'] as const) {
    const both = await Promise.all([1, 2, 3].map(() => run(command, { mounts: mount(sharing) })))
    expect(both.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
  }
})

test('bind mounts show the source, and what is written to them is thrown away', async () => {
  const dir = mkdtempSync(join(world.store.root, '..', 'context-'))
  writeFileSync(join(dir, 'file'), 'from context\n')
  writeFileSync(join(dir, 'hidden'), 'x')
  writeFileSync(join(dir, '.dockerignore'), 'hidden\n')
  const indexDir = mkdtempSync(join(world.store.root, '..', 'index-'))
  const context = openContext({
    dir,
    indexDir,
    ignoreFile: { name: '.dockerignore', text: 'hidden\n' },
  })
  const stage = await run('mkdir -p /out/d; echo built > /out/d/file; ln -s / /out/up')
  const layers = [world.base, stage.layer as LayerId]
  const bind = (over: Partial<StepMount & { type: 'bind' }>): StepMount => ({
    type: 'bind',
    target: '/ctx',
    from: { kind: 'copy-source', source: context },
    source: '/',
    readWrite: false,
    ...over,
  })
  const ran = await run(
    'ls -A /ctx; cat /ctx/file /one /stage/file; ls /up | grep -c etc; touch /ctx/y 2>/dev/null || echo ro; touch /rw/y && rm /rw/file && echo rw; ls -A /rw',
    {
      mounts: [
        bind({}),
        bind({ target: '/one', source: '/file' }),
        bind({ target: '/stage', from: { kind: 'layers', layers }, source: '/out/d' }),
        bind({ target: '/up', from: { kind: 'layers', layers }, source: '/out/up' }),
        bind({
          target: '/rw',
          from: { kind: 'layers', layers },
          source: '/out/d',
          readWrite: true,
        }),
      ],
    },
  )
  expect(ran.output.split('\n')).toEqual([
    '.dockerignore',
    'file',
    'from context',
    'from context',
    'built',
    '1',
    'ro',
    'rw',
    'y',
    '',
  ])
  expect(content(ran.layer)).toEqual([])
  const again = await run('cat /rw/file', {
    mounts: [bind({ target: '/rw', from: { kind: 'layers', layers }, source: '/out/d' })],
  })
  expect(again.output).toBe('built\n')
  for (const made of [dir, indexDir]) rmSync(made, { recursive: true })
})

async function linkLayer(links: Readonly<Record<string, string>>): Promise<LayerId> {
  const tree = world.store.tree([world.base])
  const common = { from: null, mode: 0o777, uid: 0, gid: 0, mtime: 1 }
  const entries = Object.entries(links).flatMap(([to, link]): CopyEntry[] => [
    ...(dirname(to) === '/'
      ? []
      : [{ ...common, mode: 0o755, to: dirname(to), kind: 'dir' as const }]),
    { ...common, to, kind: 'symlink', link },
  ])
  return engine.steps.copy({ base: [], parts: [{ source: treeSource(tree), entries }] }, quiet)
}

test('a mount target that is a symlink stays inside the root', async () => {
  const layer = await linkLayer({
    '/link': '/../../../srv/real',
    '/loop': 'loop',
    '/etc/resolv.conf': '../run/none/resolv.conf',
  })
  const base = [world.base, layer]
  const ran = await run('mountpoint -q /srv/real && echo inside; cat /etc/resolv.conf | wc -c', {
    base,
    mounts: [{ type: 'tmpfs', target: '/link', size: 4096 }],
  })
  expect(ran.output).toBe(`inside\n${readFileSync('/etc/resolv.conf').length}\n`)
  expect(content(ran.layer)).toEqual([])
  const looping = run('true', { base, mounts: [{ type: 'tmpfs', target: '/loop', size: null }] })
  await expect(looping).rejects.toThrow('too many symbolic links')
})

test('an image whose /proc is a link is refused', async () => {
  const layer = await linkLayer({ '/proc': '/tmp' })
  await expect(run('true', { base: [layer] })).rejects.toThrow('/proc of the image is a symlink')
})

test('certificates and proxies are for the command only', async () => {
  const ca = Buffer.from('-----BEGIN CERTIFICATE-----\n')
  const store = world.store
  const special = createEmbeddedEngine({ store, ca, proxy: { https_proxy: 'http://proxy.test:1' } })
  const command = 'cat $SSL_CERT_FILE; echo $PIP_CERT $https_proxy; touch /made'
  const ran = await run(
    command,
    { env: ['PATH=/usr/bin:/bin', 'PIP_CERT=mine'] },
    undefined,
    special,
  )
  expect(ran.output).toBe(`${ca}mine http://proxy.test:1\n`)
  expect(content(ran.layer)).toEqual(['/made'])
})

test('network none has loopback only; hosts are listed', async () => {
  const { output } = await run(
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
  const { output } = await run('cat; cat /dev/stdin | wc -c', { stdin })
  expect(output).toBe('line one\nline two\n18\n')
})

test('a hundred and fifty layers fit', async () => {
  const entry = (at: number) =>
    ({ from: null, to: `/f${at}`, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 1 }) as const
  const source = treeSource(world.store.tree([world.base]))
  const layers: LayerId[] = [world.base]
  for (let at = 0; at < 150; at++)
    layers.push(
      await engine.steps.copy({ base: layers, parts: [{ source, entries: [entry(at)] }] }, quiet),
    )
  const { output } = await run('ls -d /f[0-9]* | wc -l', { base: layers })
  expect(output).toBe('150\n')
})

test('five trivial steps, for the record', async () => {
  const began = performance.now()
  let base = [world.base]
  for (let at = 0; at < 5; at++) {
    const { layer } = await run(`echo ${at} > /n`, { base })
    base = [...base, layer as LayerId]
  }
  process.stderr.write(`5 trivial RUNs: ${Math.round(performance.now() - began)} ms\n`)
  expect(readFileSync(join(world.store.layerPath(base[5] as LayerId), 'n'), 'utf8')).toBe('4\n')
})

test('nothing is left in the store but layers', () => {
  expect(leftovers()).toEqual([])
  expect(readdirSync(join(world.store.root, 'layers')).length).toBeGreaterThan(0)
})
