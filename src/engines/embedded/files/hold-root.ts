import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { copyFailed } from './inside.ts'

/** A place where the files of a container that does not run can be seen, until it is closed. */
export type HeldRoot = { readonly path: string; close(): Promise<void> }

/**
 * Mounts an overlay in a mount namespace of its own, where nobody else sees it; its process holds it.
 * @param lowers absolute directories, lowest first
 * @param dir existing private directory for the mount point
 */
export async function holdRoot(
  lowers: readonly string[],
  upper: { readonly upper: string; readonly work: string },
  dir: string,
): Promise<HeldRoot> {
  const point = join(dir, 'root')
  mkdirSync(point)
  const script =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    'for lower in "$@"; do all="$lower${all:+:$all}"; done; mount -t overlay overlay -o "lowerdir=$all,upperdir=$0,workdir=$WORK" "$POINT" && echo ready && read -r _'
  const child = spawn(
    'unshare',
    ['--mount', '--propagation', 'private', 'sh', '-c', script, upper.upper, ...lowers],
    {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', WORK: upper.work, POINT: point },
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
