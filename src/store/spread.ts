import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, type StoreContext } from './context.ts'
import { runSync } from './run-sync.ts'

/**
 * Asks ext4 to look for a good place for each folder that is made in these (ext4's orlov allocator, `chattr +T`). All of
 * a store would lie in one block group else: where many files were deleted in the last minutes, each new one there costs
 * several hundred µs, for ext4 passes over every inode number that was free for so short a time. Done once for a store;
 * other file systems have no such flag and need none.
 */
export function spreadFolders(context: StoreContext): void {
  const done = join(context.root, 'spread')
  if (existsSync(done)) return
  const folders = (['drafts', 'work', 'caches'] as const).map((name) => folderOf(context, name))
  runSync('chattr', ['-f', '+T', ...folders])
  writeFileSync(done, '')
}
