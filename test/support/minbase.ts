import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LayerId } from '../../src/build/index.ts'
import { openStore, type Store } from '../../src/store/index.ts'
import { debianRoot } from './debian-root.ts'

export type Minbase = { readonly store: Store; readonly base: LayerId; readonly remove: () => void }

/** A store with Debian as its one layer. On a disk: overlay takes no upper directory on some tmpfs. */
export function minbaseStore(): Minbase {
  const root = debianRoot()
  const dir = mkdtempSync(join(dirname(root), 'store-'))
  const store = openStore(join(dir, 'store'))
  const draft = store.draftLayer()
  // Linked, not copied: a published layer is never written to, so the shared root stays as it is.
  execFileSync('cp', ['-al', `${root}/.`, draft.upper])
  const base = draft.publish().id
  return { store, base, remove: () => rmSync(dir, { recursive: true, force: true }) }
}
