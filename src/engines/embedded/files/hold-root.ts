import { spawn } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { copyFailed } from './inside.ts'

/** A place where the files of a container that does not run can be seen, until it is closed. */
export type HeldRoot = { readonly path: string; close(): Promise<void> }

/**
 * Mounts an overlay in a mount namespace of its own, where nobody else sees it; its process holds it. The layers are named
 * by links: mount(2) has room for one page of options, and the paths of 127 layers are longer.
 * @param lowers absolute directories, lowest first
 * @param dir existing private directory for the mount point and the links
 */
export async function holdRoot(
  lowers: readonly string[],
  upper: { readonly upper: string; readonly work: string },
  dir: string,
): Promise<HeldRoot> {
  const point = join(dir, 'root')
  const links = join(dir, 'l')
  for (const made of [point, links]) mkdirSync(made)
  for (const [at, lower] of lowers.entries()) symlinkSync(lower, join(links, String(at)))
  symlinkSync(upper.upper, join(links, 'u'))
  symlinkSync(upper.work, join(links, 'w'))
  // Overlay lists the topmost directory first.
  const lower = [...lowers.keys()].reverse().join(':')
  const script = 'mount -t overlay overlay -o "$0" "$1" && echo ready && read -r _'
  const options = `lowerdir=${lower},upperdir=u,workdir=w`
  const child = spawn(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-c', script, options, point],
    {
      cwd: links,
      // fsconfig(2) has room for 256 bytes only.
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LIBMOUNT_FORCE_MOUNT2: 'always' },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString()
  })
  child.stdin.on('error', () => {})
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve()).once('error', () => resolve())
  })
  const ready = await Promise.race([
    new Promise<boolean>((resolve) => child.stdout.once('data', () => resolve(true))),
    closed.then(() => false),
  ])
  if (!ready) throw copyFailed(`the files of the container cannot be mounted: ${said.trim()}`)
  return {
    path: `/proc/${child.pid}/root${point}`,
    close: async () => {
      child.stdin.end()
      await closed
    },
  }
}
