import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempFolder, tempStore } from '../../test/support/temp-store.ts'

const run = (command: string, ...args: string[]): string | undefined => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

test('layers are made apart from each other where the file system can', ({ skip }) => {
  const folder = tempFolder()
  skip(run('chattr', '+T', folder) === undefined, 'no such flag here')
  const store = tempStore()
  store.draftLayer().discard()
  for (const name of ['drafts', 'work', 'caches'])
    expect(run('lsattr', '-d', join(store.root, name))?.split(' ')[0]).toContain('T')
})
