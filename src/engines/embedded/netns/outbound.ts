import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** The network behind a container's `eth0`, the same whichever program makes it; slirp4netns gives no choice. */
export const outboundNetwork = {
  address: '10.0.2.100',
  prefix: 24,
  gateway: '10.0.2.2',
  resolver: '10.0.2.3',
} as const

/** A program that carries a container's packets through sockets of the host, so that no host setting changes. */
export type OutboundProgram = { readonly name: 'pasta' | 'slirp4netns'; readonly path: string }

export type Outbound = {
  readonly name: OutboundProgram['name']
  readonly close: () => Promise<void>
}

const pollMs = 5

/** The first program on the search path (`PATH`), pasta before slirp4netns as it is quicker; undefined without one. */
export function findOutbound(searchPath: string): OutboundProgram | undefined {
  const dirs = searchPath.split(delimiter).filter((dir) => isAbsolute(dir))
  for (const name of ['pasta', 'slirp4netns'] as const)
    for (const dir of dirs)
      if (isExecutable(join(dir, name))) return { name, path: join(dir, name) }
  return undefined
}

/**
 * Gives the network namespace of a process a way out. The host's loopback stays out of reach, and nothing comes in.
 * @returns what the program said instead, when it could not
 */
export async function openOutbound(
  program: OutboundProgram,
  pid: number,
  signal?: AbortSignal,
): Promise<Outbound | string> {
  let said = ''
  for (const args of commandLines(program, pid)) {
    const helper = startHelper(program.path, args, pid)
    said = ''
    helper.child.stderr?.on('data', (bytes: Buffer) => {
      said = `${said}${bytes}`.slice(-2000)
    })
    while (!helper.gone() && !hasDefaultRoute(pid) && signal?.aborted !== true) await sleep(pollMs)
    if (!helper.gone() && hasDefaultRoute(pid)) return { name: program.name, close: helper.close }
    await helper.close()
    signal?.throwIfAborted()
  }
  return `${program.name}: ${said.trim().split('\n').at(-1) ?? ''}`
}

/** pasta cannot open another process's namespace before 2023-06, and closes descriptors it was given later on. */
function commandLines({ name }: OutboundProgram, pid: number): readonly (readonly string[])[] {
  const { address, prefix, gateway, resolver } = outboundNetwork
  if (name === 'slirp4netns')
    return [['--configure', '--mtu=65520', '--disable-host-loopback', String(pid), 'eth0']]
  const shared = [
    ...['--foreground', '--quiet', '--config-net', '--no-map-gw', '--ns-ifname', 'eth0'],
    ...['--address', address, '--netmask', String(prefix), '--gateway', gateway],
    ...['--dns-forward', resolver, '-t', 'none', '-u', 'none', '-T', 'none', '-U', 'none'],
    ...['--ipv4-only', '--runas', '0', '--netns-only', '--netns'],
  ]
  return ['/proc/self/fd/3', `/proc/${pid}/ns/net`].map((path) => [...shared, path])
}

/** Lives as long as its standard input, so that it ends with us however we end. Both programs change their rights, which would clear a parent-death signal. */
const keeper = `
my $p = fork; defined $p or exit 127;
unless ($p) { open(STDIN, "<", "/dev/null"); exec { $ARGV[0] } @ARGV; exit 127 }
$SIG{CHLD} = sub { exit 1 if waitpid($p, 1) == $p };
exit 1 if waitpid($p, 1) == $p;
1 while sysread(STDIN, my $b, 1) || $!{EINTR};
$SIG{CHLD} = "DEFAULT"; kill("TERM", $p); waitpid($p, 0);
`

function startHelper(
  path: string,
  args: readonly string[],
  pid: number,
): {
  readonly child: ChildProcess
  readonly gone: () => boolean
  readonly close: () => Promise<void>
} {
  const namespace = openSync(`/proc/${pid}/ns/net`, constants.O_RDONLY)
  const child = spawn('/usr/bin/perl', ['-MErrno', '-e', keeper, path, ...args], {
    env: {},
    cwd: '/',
    stdio: ['pipe', 'ignore', 'pipe', namespace],
  })
  closeSync(namespace)
  let gone = false
  const closed = new Promise<void>((resolve) => {
    const note = (): void => {
      gone = true
      resolve()
    }
    child.once('close', note)
    child.once('error', note)
  })
  child.stdin?.on('error', () => {})
  const errors: Readable | null = child.stderr
  errors?.on('error', () => {})
  return {
    child,
    gone: () => gone,
    close: async () => {
      child.stdin?.end()
      await closed
    },
  }
}

/** Destination 0 in /proc/net/route, as the process sees it. */
function hasDefaultRoute(pid: number): boolean {
  try {
    return /^\S+\t00000000\t/m.test(readFileSync(`/proc/${pid}/net/route`, 'utf8'))
  } catch {
    return false
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
