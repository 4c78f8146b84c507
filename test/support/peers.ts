import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const cache = join(homedir(), '.cache', 'jettison', 'peers')

/** Debian packages that hold skopeo, umoci and the libraries that a minimal system lacks. */
const packages = [
  'skopeo',
  'umoci',
  'libgpgme11',
  'libassuan0',
  'golang-github-containers-common',
  'golang-github-containers-image',
]

/** Unpacks the peers beside their packages (fetched with apt when missing); nothing is installed. @returns the folder */
export function peersRoot(): string {
  const root = join(cache, 'oci-tools')
  if (existsSync(root)) return root
  mkdirSync(cache, { recursive: true })
  const temp = `${root}.${process.pid}`
  for (const name of packages) {
    const found = (): string | undefined =>
      readdirSync(cache).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'))
    if (!found()) execFileSync('apt-get', ['download', name], { cwd: cache, stdio: 'ignore' })
    execFileSync('dpkg-deb', ['-x', join(cache, found() ?? name), temp])
  }
  if (existsSync(root)) rmSync(temp, { recursive: true })
  else renameSync(temp, root)
  return root
}

/** Runs one of them; throws with its stderr when it fails. */
export function runPeer(command: 'skopeo' | 'umoci', args: readonly string[]): Buffer {
  const root = peersRoot()
  const policy = command === 'skopeo' ? ['--policy', join(root, 'etc/containers/policy.json')] : []
  const libraries = `LD_LIBRARY_PATH=${join(root, 'usr/lib', triplet())}`
  return execFileSync('env', [libraries, join(root, 'usr/bin', command), ...policy, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function triplet(): string {
  return process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu'
}
