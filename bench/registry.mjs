// Debian's docker-registry, skopeo and podman, unpacked and never installed: the far end of push and pull, and peers.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mountsBelow } from './docker.mjs'

const peers = join(homedir(), '.cache/jettison/peers')

/** Over an empty folder on a loopback port. @returns `{host, empty, close}`; `empty` while nobody uses it */
export async function startRegistry(folder) {
  const root = unpacked('docker-registry', ['docker-registry'], 'usr/bin/docker-registry')
  const port = await freePort()
  const config = join(folder, 'registry.yml')
  writeFileSync(
    config,
    [
      'version: 0.1',
      `storage: {filesystem: {rootdirectory: ${join(folder, 'registry')}}}`,
      `http: {addr: '127.0.0.1:${port}'}`,
      'log: {level: error}',
    ].join('\n'),
  )
  const child = spawn(join(root, 'usr/bin/docker-registry'), ['serve', config], { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('close', resolve))
  // Also when the bench is interrupted.
  process.once('exit', () => child.kill())
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error('docker-registry ended')
    await sleep(50)
  }
  return {
    host: `127.0.0.1:${port}`,
    empty: () => rmSync(join(folder, 'registry'), { recursive: true, force: true }),
    close: async () => {
      child.kill()
      await ended
    },
  }
}

/** `{command, args}` of skopeo or umoci. */
export function ociTool(name, args) {
  const root = unpacked(
    'oci-tools',
    ['skopeo', 'umoci', 'libgpgme11', 'libassuan0', 'golang-github-containers-common', 'golang-github-containers-image'],
    'usr/bin/skopeo',
  )
  const policy = name === 'skopeo' ? ['--policy', join(root, 'etc/containers/policy.json')] : []
  return {
    command: join(root, 'usr/bin', name),
    args: [...policy, ...args],
    env: { LD_LIBRARY_PATH: join(root, 'usr/lib', triplet) },
  }
}

/**
 * Podman over an empty storage of its own below `folder`; buildah has the same code. Its sockets take no long names, so
 * they are elsewhere. @returns `{command, close}`: a command for measure.mjs, and what unmounts the storage
 */
export function openPodman(folder) {
  const root = unpacked('podman', ['podman'], 'usr/bin/podman')
  const libraries = ['libsubid4', 'libdevmapper1.02.1', 'libgpgme11', 'libassuan0'].flatMap((name) => {
    const place = unpacked(name, [name], 'usr/share/doc')
    return [join(place, 'usr/lib', triplet), join(place, 'lib', triplet)]
  })
  const common = 'golang-github-containers-common'
  const policy = join(unpacked(common, [common], 'etc/containers/policy.json'), 'etc/containers/policy.json')
  const conmon = join(unpacked('conmon', ['conmon'], 'usr/bin/conmon'), 'usr/bin/conmon')
  const home = mkdtempSync(join(tmpdir(), 'podman-'))
  const storage = join(folder, 'storage')
  return {
    command: (args) => ({
      command: join(root, 'usr/bin/podman'),
      args: [
        ...['--root', storage, '--runroot', join(home, 'run'), '--tmpdir', join(home, 'tmp')],
        ...['--storage-driver', 'overlay', '--cgroup-manager', 'cgroupfs', '--events-backend', 'none'],
        ...['--conmon', conmon, '--runtime', dockersRunc()],
        ...[args[0], '--signature-policy', policy, ...args.slice(1)],
      ],
      env: {
        LD_LIBRARY_PATH: libraries.filter(existsSync).join(':'),
        HOME: home,
        CONTAINERS_REGISTRIES_CONF: '/dev/null',
      },
    }),
    close: () => {
      for (const point of mountsBelow(storage)) execFileSync('umount', ['-l', point])
      execFileSync('rm', ['-rf', '--one-file-system', home])
    },
  }
}

/** Podman wants one even where it runs nothing. */
function dockersRunc() {
  return join(unpacked('docker', ['docker.io', 'containerd', 'runc', 'tini'], 'usr/sbin/runc'), 'usr/sbin/runc')
}

const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'

function unpacked(name, packages, program) {
  // The tests keep theirs in the same two places.
  const found = [join(peers, name), join(peers, 'unpacked', name)].find((folder) =>
    existsSync(join(folder, program)),
  )
  if (found) return found
  const root = join(peers, 'unpacked', name)
  mkdirSync(root, { recursive: true })
  for (const one of packages) {
    const deb = () => readdirSync(peers).find((file) => file.startsWith(`${one}_`) && file.endsWith('.deb'))
    if (!deb()) execFileSync('apt-get', ['download', one], { cwd: peers, stdio: 'ignore' })
    execFileSync('dpkg-deb', ['-x', join(peers, deb() ?? one), root])
  }
  return root
}

async function accepts(port) {
  const socket = connect(port, '127.0.0.1')
  const open = await new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  })
  socket.destroy()
  return open
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address()
  await new Promise((resolve) => server.close(resolve))
  return port
}
