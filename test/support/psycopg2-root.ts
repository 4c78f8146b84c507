import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Debian with Python and psycopg2, which links libpq5, made by mmdebstrap and kept outside the repository. Read it,
 * never write to it: other tests share it.
 */
export function psycopg2Root(): string {
  const cache = join(homedir(), '.cache', 'jettison', 'rootfs')
  const root = join(cache, 'psycopg2-bookworm')
  if (existsSync(root)) return root
  mkdirSync(cache, { recursive: true })
  const draft = join(cache, `.draft-psycopg2-${process.pid}`)
  const include = '--include=python3,python3-psycopg2'
  execFileSync('mmdebstrap', ['--variant=minbase', '--mode=root', include, 'bookworm', draft], {
    stdio: 'pipe',
  })
  if (existsSync(root)) rmSync(draft, { recursive: true })
  else renameSync(draft, root)
  return root
}
