import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  commandLine,
  type Exit,
  exec,
  run,
  type Surroundings,
} from '../conformance/engines/exec.ts'

const packages = ['docker.io', 'containerd', 'runc', 'tini'] as const

/** Unpacks Debian's Docker Engine beside its packages; nothing is installed. @returns the folder with `usr` in it */
export function dockerRoot(): string {
  const peers = join(homedir(), '.cache', 'jettison', 'peers')
  const root = join(peers, 'unpacked', 'docker')
  if (existsSync(root)) return root
  const temp = `${root}.${process.pid}`
  mkdirSync(temp, { recursive: true })
  for (const name of packages) {
    const find = (): string | undefined =>
      readdirSync(peers).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'))
    if (find() === undefined)
      execFileSync('apt-get', ['download', name], { cwd: peers, stdio: 'ignore' })
    execFileSync('dpkg-deb', ['-x', join(peers, find() ?? name), temp])
  }
  // At once, because another run may be using these programs.
  if (existsSync(root)) rmSync(temp, { recursive: true })
  else renameSync(temp, root)
  return root
}

/** A Docker Engine 20.10 on a socket and a data root of its own. */
export type DockerDaemon = {
  /** Folder of everything that is its; gone when it is closed. */
  readonly home: string
  /** DOCKER_HOST for it. */
  readonly socket: string
  /** Runs `docker ARGS`, whatever comes of it. */
  exec(args: readonly string[]): Promise<Exit>
  /** The same, and it has to succeed. @returns stdout */
  run(args: readonly string[]): Promise<string>
  /** Starts it again when it has ended by itself. */
  revive(): Promise<void>
  close(): Promise<void>
}

/**
 * No bridge and no iptables: containers and builds have the host's network or none. The folder's name must be short:
 * the daemon makes sockets far below it.
 */
export async function startDockerDaemon(folder: string): Promise<DockerDaemon> {
  const root = dockerRoot()
  mkdirSync(folder, { recursive: true })
  const home = mkdtempSync(join(folder, 'docker-'))
  const socket = `unix://${home}/docker.sock`
  const here: Surroundings = {
    env: { DOCKER_BUILDKIT: '1', DOCKER_HOST: socket, DOCKER_CONFIG: home },
    search: [join(root, 'usr/bin'), join(root, 'usr/sbin')],
  }
  const client = join(root, 'usr/bin/docker')
  const tidy = async (): Promise<void> => {
    await removeMounts(home)
    await run('rm', ['-rf', '--one-file-system', home])
  }
  let daemon = await start(root, home, socket, here).catch(async (error: unknown) => {
    await tidy()
    throw error
  })
  return {
    home,
    socket,
    exec: (args) => exec(client, args, here),
    run: (args) => run(client, args, here),
    revive: async () => {
      if (daemon.exitCode !== null) daemon = await start(root, home, socket, here)
    },
    close: async () => {
      daemon.kill('SIGTERM')
      if (daemon.exitCode === null) await new Promise((done) => daemon.once('exit', done))
      await tidy()
    },
  }
}

async function start(
  root: string,
  home: string,
  socket: string,
  here: Surroundings,
): Promise<ChildProcess> {
  const [shell, ...command] = commandLine(
    join(root, 'usr/sbin/dockerd'),
    [
      ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--storage-driver=overlay2'],
      ...['-H', socket, '--data-root', join(home, 'data'), '--exec-root', join(home, 'exec')],
      ...['--pidfile', join(home, 'docker.pid'), '--group', 'root'],
    ],
    here,
  )
  const daemon = spawn(shell, command, { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  daemon.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-8000)
  })
  for (let attempt = 0; attempt < 200; attempt++) {
    if (daemon.exitCode !== null) break
    const { code } = await exec(join(root, 'usr/bin/docker'), ['version'], here)
    if (code === 0) return daemon
    await wait(150)
  }
  daemon.kill('SIGKILL')
  throw new Error(`dockerd did not start:\n${log}`)
}

/** What a stopped daemon leaves mounted below its folders, deepest first. */
export async function removeMounts(home: string): Promise<void> {
  const { stdout } = await exec('cat', ['/proc/mounts'])
  const points = stdout
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
    .filter((point) => point.startsWith(`${home}/`))
    .sort()
    .reverse()
  for (const point of points) await exec('umount', ['-l', point])
}
