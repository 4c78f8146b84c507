import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Exit, exec, run } from '../conformance/engines/exec.ts'
import { dockerRoot, removeMounts } from './docker-daemon.ts'
import { unpackedPackage } from './unpacked-package.ts'

const libraries = ['libsubid4', 'libdevmapper1.02.1', 'libgpgme11', 'libassuan0']

/** Debian's podman over a storage of its own. */
export type Podman = {
  exec(args: readonly string[]): Promise<Exit>
  /** Has to succeed. @returns stdout */
  run(args: readonly string[]): Promise<string>
  close(): Promise<void>
}

/**
 * Nothing is installed: programs and libraries lie in the cache, and a wrapper brings them together. Its folder is one of
 * the machine's temporary ones, because podman takes no long names.
 */
export async function openPodman(): Promise<Podman> {
  const home = mkdtempSync(join(tmpdir(), 'podman-'))
  const program = join(unpackedPackage('podman'), 'usr/bin/podman')
  // crun refuses machines that have both kinds of cgroups.
  const runtime = join(dockerRoot(), 'usr/sbin/runc')
  // Debian's policy trusts everybody; podman looks for it here before it looks in /etc.
  const policy = join(home, '.config/containers/policy.json')
  mkdirSync(dirname(policy), { recursive: true })
  const common = unpackedPackage('golang-github-containers-common')
  copyFileSync(join(common, 'etc/containers/policy.json'), policy)
  const paths = libraries.flatMap((name) => {
    const root = unpackedPackage(name)
    return [join(root, 'usr/lib', triplet()), join(root, 'lib', triplet())]
  })
  const environment = `LD_LIBRARY_PATH=${paths.filter(existsSync).join(':')}`
  const config = join(home, 'containers.conf')
  // Its own wish for more open files than we may have keeps containers from starting.
  writeFileSync(config, '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n')
  const client = script(
    join(home, 'bin/podman'),
    [
      `export ${environment} HOME=${home} CONTAINERS_CONF=${config} CONTAINERS_REGISTRIES_CONF=/dev/null`,
      [
        `exec ${program} --root ${home}/storage --runroot ${home}/run --tmpdir ${home}/tmp`,
        `--conmon ${join(unpackedPackage('conmon'), 'usr/bin/conmon')} --runtime ${runtime}`,
        '--cgroup-manager cgroupfs --events-backend none "$@"',
      ].join(' '),
    ].join('\n'),
  )
  return {
    exec: (args) => exec(client, args),
    run: (args) => run(client, args),
    close: async () => {
      await exec(client, ['rm', '--all', '--force', '--time', '0'])
      await removeMounts(home)
      await run('rm', ['-rf', '--one-file-system', home])
    },
  }
}

function script(path: string, body: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
  return path
}

function triplet(): string {
  return process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
}
