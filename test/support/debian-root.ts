import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * A minimal Debian bookworm root file system made by mmdebstrap, kept outside the repository and made when missing.
 * Read it, never write to it: other tests share it.
 */
export function debianRoot(): string {
  const cache = join(homedir(), '.cache', 'jettison', 'rootfs')
  const root = join(cache, 'minbase-bookworm')
  if (existsSync(root)) return root
  mkdirSync(cache, { recursive: true })
  const draft = join(cache, `.draft-${process.pid}`)
  execFileSync('mmdebstrap', ['--variant=minbase', '--mode=root', 'bookworm', draft], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    renameSync(draft, root)
  } catch (error) {
    // Another test run was faster; its root is as good as ours.
    if (!existsSync(root)) throw error
    rmSync(draft, { recursive: true })
  }
  return root
}
