import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Unpacks a Debian package beside the other peers (fetched with apt when missing); nothing is installed. */
export function unpackedPackage(name: string): string {
  const cache = join(homedir(), '.cache', 'jettison', 'peers')
  const root = join(cache, 'unpacked', name)
  if (existsSync(root)) return root
  mkdirSync(join(cache, 'unpacked'), { recursive: true })
  const found = (): string | undefined =>
    readdirSync(cache).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'))
  if (!found()) execFileSync('apt-get', ['download', name], { cwd: cache, stdio: 'ignore' })
  const temp = `${root}.${process.pid}`
  execFileSync('dpkg-deb', ['-x', join(cache, found() ?? name), temp])
  if (existsSync(root)) rmSync(temp, { recursive: true })
  else renameSync(temp, root)
  return root
}
