import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Minbase, minbaseStore } from '../../../../test/support/minbase.ts'
import { ourMounts } from '../../../../test/support/mounts.ts'
import { unpackedPackage } from '../../../../test/support/unpacked-package.ts'
import { capabilitiesOf, capabilityMask } from './capabilities.ts'
import { makeFifo } from './fifos.ts'
import { type Launcher, openIsolation } from './ladder.ts'
import { launchersFor } from './launchers.ts'
import { probeIsolation } from './probe.ts'
import { runtimeLauncher } from './runtime.ts'
import type { Exit, Sandbox } from './types.ts'

let world: Minbase
let mounts: readonly string[]

beforeAll(() => {
  world = minbaseStore()
  mounts = ourMounts()
})

afterAll(() => {
  world.remove()
})

type Ran = Exit & { readonly out: string; readonly err: string; readonly refusal: string | null }

async function run(
  launcher: Launcher | readonly Launcher[],
  command: string | readonly string[],
  over: Partial<Sandbox> = {},
  process: Partial<Sandbox['process']> = {},
  signal?: AbortSignal,
  attach?: (pid: number) => void,
): Promise<Ran> {
  const workspace = world.store.workspace('test')
  const at = (name: string): string => {
    const path = join(workspace.dir, name)
    mkdirSync(path)
    return path
  }
  const output = { stdout: '', stderr: '' }
  try {
    const sandbox: Sandbox = {
      workspace: at('sandbox'),
      root: {
        lowers: [world.store.layerPath(world.base)],
        upper: { upper: at('upper'), work: at('work') },
        volatile: true,
      },
      views: [],
      mounts: [],
      hostname: 'testhost',
      network: { kind: 'host' },
      process: {
        argv: typeof command === 'string' ? ['sh', '-c', command] : command,
        env: ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', "ODD=it's $HOME\n"],
        cwd: '/srv/made',
        user: { uid: 0, gid: 0, groups: [] },
        terminal: false,
        ...process,
      },
      ...over,
    }
    const running = await openIsolation([launcher].flat()).start(sandbox, {
      stdin: 'ignore',
      output: (stream, bytes) => {
        output[stream] += Buffer.from(bytes).toString()
      },
      signal,
      attach,
    })
    return {
      ...(await running.ended),
      out: output.stdout,
      err: output.stderr,
      refusal: running.refusal,
    }
  } finally {
    workspace.remove()
  }
}

const runc = (): Launcher => runtimeLauncher('runc', [join(unpackedPackage('runc'), 'usr/sbin')])
const kinds: readonly (readonly [string, () => Launcher])[] = [
  ['perl', () => launchersFor('perl')[0] as Launcher],
  ['runc', runc],
  ['util-linux', () => launchersFor('util-linux')[0] as Launcher],
]

describe.each(kinds)('%s', (_, make) => {
  test('capabilities, filter, host name, descriptors, working directory, environment', async () => {
    const ran = await run(
      make(),
      'grep -E "^(CapPrm|CapEff|CapBnd|CapInh|NoNewPrivs|Seccomp):" /proc/self/status | cut -f2; hostname; ls -m /proc/self/fd; pwd; printf %s "$ODD"; echo $$; umask; ulimit -c',
    )
    const mask = capabilityMask(capabilitiesOf({})).toString(16).padStart(16, '0')
    expect(ran.out.split('\n')).toEqual([
      '0'.repeat(16),
      mask,
      mask,
      mask,
      '0',
      make().seccomp ? '2' : '0',
      'testhost',
      '0, 1, 2, 3',
      '/srv/made',
      "it's $HOME",
      '1',
      '0022',
      '0',
      '',
    ])
    expect(ran).toMatchObject({ exitCode: 0, signal: null, refusal: null })
  })

  test('mounts of every kind, read-only where asked', async () => {
    const file = { type: 'file', mode: 0o440, uid: 33, gid: 4 } as const
    const lowers = [world.store.layerPath(world.base)]
    const ran = await run(
      make(),
      'cat /run/a/secret; stat -c "%a %u %g" /run/a/secret; cat /new/deep/rw; echo x > /new/deep/rw && echo written; echo x 2>/dev/null > /run/a/secret || echo ro; ls -d /view/hostname; stat -f -c %b /small; (echo x > /view/x) 2>/dev/null || echo ro',
      {
        views: [{ lowers, upper: null, volatile: false }],
        mounts: [
          {
            ...file,
            target: '/run/a/secret',
            bytes: Buffer.from("it's\0binary\n"),
            readOnly: true,
          },
          {
            ...file,
            target: '/new/deep/rw',
            bytes: Buffer.from('rw\n'),
            readOnly: false,
            mode: 0o600,
          },
          {
            type: 'bind',
            source: { view: 0, path: '/etc' },
            target: '/view',
            kind: 'dir',
            readOnly: true,
          },
          { type: 'tmpfs', target: '/small', size: 8192 },
        ],
      },
    )
    expect(ran.out.split('\n')).toEqual([
      "it's\0binary",
      '440 33 4',
      'rw',
      'written',
      'ro',
      '/view/hostname',
      '2',
      'ro',
      '',
    ])
  })

  test('another user, with its groups and an output that can be opened again', async () => {
    const user = { uid: 33, gid: 33, groups: [4, 24] }
    const ran = await run(
      make(),
      'id -u; id -g; id -G; grep CapEff /proc/self/status | cut -f2; echo again > /dev/stdout',
      {},
      { user },
    )
    expect(ran.out.split('\n').slice(0, 4)).toEqual(['33', '33', '33 4 24', '0'.repeat(16)])
    // Only the Perl launcher hands its pipes over to the user of the command.
    if (make().name === 'perl') expect(ran.out.split('\n')[4]).toBe('again')
    const root = await run(make(), 'echo again > /dev/stdout; echo err > /dev/stderr')
    expect([root.out, root.err]).toEqual(['again\n', 'err\n'])
  })

  test('kernel interfaces are masked or read-only, and the root of the host is out of reach', async () => {
    const ran = await run(
      make(),
      'grep -cE " (/sys|/proc/(sys|irq|fs|bus)) .* ro," /proc/mounts; cat /proc/keys | wc -c; mkdir /x; perl -e \'chroot "/x"; chdir ".." for 1..64; chroot "."; print -e "/srv/made" ? "same root\\n" : "escaped\\n"\'; perl -e \'utime(1, 1, $ARGV[0]) or print "$!\\n"\' /proc/1/exe',
    )
    expect(ran.out).toMatch(/^5\n0\nsame root\n/)
  })

  test('the last program before the command cannot be overwritten', async () => {
    // The command is the launcher itself, by the link that names it; utimes asks whether its mount can be written to.
    const ran = await run(make(), ['/proc/self/exe', '--version'])
    expect(ran.exitCode).not.toBe(137)
    const tried = await run(make(), 'perl -e \'utime(1, 1, "/proc/self/exe") and print "own\\n"\'')
    expect(tried.out).toBe('own\n')
  })

  test('a network of its own has loopback and the address', async () => {
    const own = await run(
      make(),
      'cat /proc/net/dev | grep -c :; cat /proc/net/fib_trie | grep -c 172.30.0.2; cat /proc/sys/net/ipv4/ip_unprivileged_port_start',
      { network: { kind: 'own', address: '172.30.0.2' } },
    )
    expect(own.out).toBe('1\n2\n0\n')
    const none = await run(make(), 'grep -c : /proc/net/dev', { network: { kind: 'none' } })
    expect(none.out).toBe('1\n')
  })

  test('exit codes, signals and what cannot be executed', async () => {
    expect(await run(make(), 'exit 9')).toMatchObject({ exitCode: 9, signal: null })
    expect(await run(make(), 'sh -c "kill -9 \\$\\$"')).toMatchObject({ exitCode: 137 })
    expect(await run(make(), ['no-such-program'])).toMatchObject({ exitCode: 127 })
    expect(await run(make(), ['/etc/passwd'])).toMatchObject({ exitCode: 126 })
  })

  test('the command waits at its gate, while its network is known already', async () => {
    const dir = world.store.workspace('gate')
    const gate = join(dir.dir, 'gate')
    makeFifo(gate)
    const fd = openSync(gate, constants.O_RDWR)
    const seen: string[] = []
    const attach = (pid: number): void => {
      const [own, theirs] = ['self', pid].map((of) => readlinkSync(`/proc/${of}/ns/net`))
      seen.push(own === theirs ? 'the network of the host' : 'a network of its own')
      // Long enough for a command that does not wait to be over before this.
      setTimeout(() => {
        seen.push('opened')
        writeSync(fd, '\n')
      }, 300)
    }
    try {
      const network = { kind: 'own', address: '172.30.0.9' } as const
      const command = ['sh', '-c', 'echo through']
      const ran = await run(make(), command, { gate, network }, {}, undefined, attach)
      expect(ran).toMatchObject({ exitCode: 0, out: 'through\n' })
      expect(seen).toEqual(['a network of its own', 'opened'])
    } finally {
      closeSync(fd)
      dir.remove()
    }
  })

  test('an abort kills everything at once and leaves no mount', async () => {
    const controller = new AbortController()
    const running = run(
      make(),
      'trap "" TERM INT; setsid sleep 4242 & sleep 4242',
      {},
      {},
      controller.signal,
    )
    while (!commandLines().includes('sleep 4242'))
      await new Promise((resolve) => setTimeout(resolve, 5))
    controller.abort(new Error('enough'))
    expect(await running).toMatchObject({ exitCode: 137 })
    expect(commandLines()).not.toContain('sleep 4242')
    expect(ourMounts()).toEqual(mounts)
  })
})

test('the ladder goes on to the next launcher, and says what each one said when none works', async () => {
  const missing = runtimeLauncher('crun', ['/nowhere'])
  const unlinked = { lowers: ['/nowhere'], upper: null, volatile: false }
  const broken: Launcher = {
    ...runc(),
    start: (sandbox, io) => runc().start({ ...sandbox, views: [unlinked] }, io),
  }
  await expect(run(broken, 'true')).rejects.toThrow(
    /no way to isolate a command works here \(runc: .*mount view0/,
  )
  expect(await run([missing, broken, runc()], 'echo third')).toMatchObject({ out: 'third\n' })
  await expect(run(missing, 'true')).rejects.toThrow('crun: crun is not installed')
})

test('doctor sees what works here', async () => {
  const probes = await probeIsolation(world.store.root)
  expect(probes.map(({ name, usable, seccomp }) => [name, usable, seccomp])).toContainEqual([
    'perl',
    true,
    true,
  ])
  expect(probes.every(({ usable, reason }) => usable === (reason === null))).toBe(true)
  expect(readdirSync(world.store.root).filter((name) => name.startsWith('probe-'))).toEqual([])
})

function commandLines(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        return ''
      }
    })
    .join('\n')
}
