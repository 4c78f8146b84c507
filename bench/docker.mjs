// The peer: Debian's Docker Engine, unpacked and never installed, on a socket and a data root of its own.
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { capture, Stop } from '../scripts/run.mjs'

const packages = ['docker.io', 'containerd', 'runc', 'tini']

/** @returns `{docker, env, version, load, close}`: how to start the client, and what ends the daemon and all it left */
export async function startDocker() {
  const root = await unpacked()
  const home = mkdtempSync(join(tmpdir(), 'jettison-bench-docker-'))
  const socket = `unix://${join(home, 'docker.sock')}`
  const path = [join(root, 'usr/bin'), join(root, 'usr/sbin'), process.env.PATH].join(':')
  const env = { PATH: path, DOCKER_BUILDKIT: '1', DOCKER_HOST: socket, DOCKER_CONFIG: home }
  const docker = join(root, 'usr/bin/docker')
  const daemon = spawn(
    join(root, 'usr/sbin/dockerd'),
    [
      ...['--bridge=none', '--iptables=false', '--ip6tables=false', '--storage-driver=overlay2'],
      ...['-H', socket, '--data-root', join(home, 'data'), '--exec-root', join(home, 'exec')],
      ...['--pidfile', join(home, 'docker.pid'), '--group', 'root'],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } },
  )
  let log = ''
  daemon.stderr.setEncoding('utf8').on('data', (text) => (log = (log + text).slice(-4000)))
  const close = async () => {
    if (daemon.exitCode === null) {
      const ended = new Promise((resolve) => daemon.once('exit', resolve))
      daemon.kill('SIGTERM')
      await ended
    }
    for (const point of mountsBelow(home)) await capture('umount', ['-l', point])
    await capture('rm', ['-rf', '--one-file-system', home])
  }
  const version = await answer(docker, env, daemon)
  if (version === undefined) {
    await close()
    throw new Stop(`dockerd did not start:\n${log}`, 3)
  }
  return { docker, env, version, close, load: (jettison, image) => load({ docker, env }, jettison, image) }
}

async function answer(docker, env, daemon) {
  for (let attempt = 0; attempt < 200 && daemon.exitCode === null; attempt++) {
    const args = ['version', '--format', '{{.Server.Version}}']
    const { code, stdout } = await capture(docker, args, { env: { ...process.env, ...env } })
    if (code === 0) return stdout.trim()
    await sleep(150)
  }
  return undefined
}

async function load({ docker, env }, { command, env: ours }, image) {
  const pipe = ['-c', '"$0" save "$1" | "$2" load -q', command, image, docker]
  const { code, stderr } = await capture('sh', pipe, { env: { ...process.env, ...ours, ...env } })
  if (code !== 0) throw new Stop(`docker could not load ${image}:\n${stderr}`, 1)
  const bundle = ['JETTISON_CA', 'SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'].find((name) => process.env[name])
  if (bundle) await trust({ docker, env }, image, process.env[bundle])
}

/** Docker's RUN sees no certificates of ours (`--ca`), so its base image gets them, in a layer that jettison has not. */
async function trust({ docker, env }, image, bundle) {
  const folder = mkdtempSync(join(tmpdir(), 'jettison-bench-ca-'))
  try {
    cpSync(bundle, join(folder, 'ca.pem'))
    const text = `FROM ${image}\nCOPY ca.pem /ca.pem\nENV PIP_CERT=/ca.pem\n`
    writeFileSync(join(folder, 'Dockerfile'), text)
    await need(docker, ['build', '-q', '-t', image, folder], { env: { ...process.env, ...env } })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function unpacked() {
  const peers = join(homedir(), '.cache/jettison/peers')
  const root = join(peers, 'unpacked/docker')
  const done = ['usr/sbin/dockerd', 'usr/bin/containerd', 'usr/bin/tini-static']
  if (done.every((path) => existsSync(join(root, path)))) return root
  mkdirSync(root, { recursive: true })
  for (const name of packages) {
    const find = () =>
      readdirSync(peers).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'))
    if (!find()) await need('apt-get', ['download', name], { cwd: peers })
    await need('dpkg-deb', ['-x', join(peers, find() ?? name), root])
  }
  return root
}

async function need(command, args, options) {
  const { code, stderr } = await capture(command, args, options)
  if (code !== 0) throw new Stop(`${command} ${args.join(' ')} failed:\n${stderr}`, 3)
}

/** Deepest first. */
export function mountsBelow(folder) {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
    .filter((point) => point.startsWith(`${folder}/`))
    .sort()
    .reverse()
}
