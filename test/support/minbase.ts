import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { LayerId } from '../../src/build/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'

/** A real Debian root file system, made once by mmdebstrap and kept between runs of the tests. */
export function minbaseRoot(): string {
  const root = join(homedir(), '.cache', 'jettison', 'rootfs', 'minbase-bookworm')
  if (existsSync(root)) return root
  mkdirSync(dirname(root), { recursive: true })
  const aside = mkdtempSync(`${root}.`)
  execFileSync('mmdebstrap', ['--variant=minbase', 'bookworm', join(aside, 'root')], {
    stdio: 'pipe',
  })
  if (!existsSync(root)) renameSync(join(aside, 'root'), root)
  rmSync(aside, { recursive: true, force: true })
  return root
}

export type Minbase = { readonly store: Store; readonly base: LayerId; readonly remove: () => void }

/** A store with Debian as its one layer. On a disk: overlay takes no upper directory on some tmpfs. */
export function minbaseStore(): Minbase {
  const root = minbaseRoot()
  const dir = mkdtempSync(join(dirname(root), 'store-'))
  const store = openStore(join(dir, 'store'))
  const draft = store.draftLayer()
  execFileSync('cp', ['-a', '--reflink=auto', `${root}/.`, draft.upper])
  const base = draft.publish().id
  return { store, base, remove: () => rmSync(dir, { recursive: true, force: true }) }
}
