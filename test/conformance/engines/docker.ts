import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type BaseArchive, cache } from '../bases/bases.ts'
import { readImageArchive } from '../image/read-archive.ts'
import { commandLine, exec, run, type Surroundings } from './exec.ts'
import type { BuildAsk, Engine } from './types.ts'

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

/**
 * Docker Engine 20.10 with its BuildKit (about 0.8) on a socket and a data root of its own: no bridge, no iptables,
 * every build on the host's network.
 */
export async function startDocker(bases: readonly BaseArchive[]): Promise<Engine> {
  const root = dockerRoot()
  mkdirSync(cache, { recursive: true })
  const home = mkdtempSync(join(cache, 'docker-'))
  const socket = `unix://${home}/docker.sock`
  const here: Surroundings = {
    env: { DOCKER_BUILDKIT: '1', DOCKER_HOST: socket, DOCKER_CONFIG: home },
    search: [join(root, 'usr/bin'), join(root, 'usr/sbin')],
  }
  const client = join(root, 'usr/bin/docker')
  let daemon = await startDaemon(root, home, socket, here)
  for (const { archive } of bases) await run(client, ['load', '-i', archive], here)
  let count = 0
  return {
    name: 'docker',
    build: async (ask) => {
      count += 1
      const work = join(home, String(count))
      mkdirSync(work)
      try {
        const tag = `conformance:${count}`
        const flags = flagsOf(ask, work)
        const { code, log } = await exec(client, ['build', '-t', tag, ...flags], here)
        if (code !== 0) {
          // Some Dockerfiles make this daemon panic; that is its answer, and the next build needs a daemon.
          if (daemon.exitCode !== null) daemon = await startDaemon(root, home, socket, here)
          return { kind: 'refused', log }
        }
        const archive = join(work, 'image.tar')
        await run(client, ['save', '-o', archive, tag], here)
        return { kind: 'image', image: await readImageArchive(archive), log }
      } finally {
        rmSync(work, { recursive: true, force: true })
      }
    },
    close: async () => {
      daemon.kill('SIGTERM')
      if (daemon.exitCode === null) await new Promise((done) => daemon.once('exit', done))
      await removeMounts(home)
      await run('rm', ['-rf', '--one-file-system', home])
    },
  }
}

async function startDaemon(
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

function flagsOf(ask: BuildAsk, work: string): string[] {
  const pairs = (flag: string, values: Readonly<Record<string, string>> = {}): string[] =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])
  const secrets = Object.entries(ask.secrets ?? {}).flatMap(([id, value]) => {
    const file = join(work, `secret-${id}`)
    writeFileSync(file, value)
    return ['--secret', `id=${id},src=${file}`]
  })
  return [
    ...['--progress=plain', '--network', ask.network ?? 'host', '-f', ask.dockerfile],
    ...pairs('--build-arg', ask.args),
    ...pairs('--label', ask.labels),
    ...secrets,
    ...(ask.target === undefined ? [] : ['--target', ask.target]),
    ...(ask.noCache ? ['--no-cache'] : []),
    ask.context,
  ]
}
