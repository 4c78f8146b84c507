import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, type StoreContext } from './context.ts'
import { onDisk } from './disk-fault.ts'
import { publishFolder } from './layers.ts'
import { leaseIn, randomName } from './names.ts'
import { moveToTrash } from './records.ts'
import { spreadFolders } from './spread.ts'
import type { LayerDraft } from './types.ts'

/** A new draft in `drafts/LEASE.NAME`; the first one of a process clears away what dead processes left. */
export function draftLayer(context: StoreContext): LayerDraft {
  const folder = newFolder(context, 'drafts', '')
  const upper = join(folder, 'fs')
  const work = join(folder, 'work')
  onDisk('make a layer draft', () => {
    mkdirSync(upper, { mode: 0o755 })
    mkdirSync(work, { mode: 0o700 })
  })
  return {
    upper,
    work,
    publish: (options) => publishFolder(context, folder, { links: 'keep', ...options }),
    discard: () => {
      moveToTrash(context, folder)
    },
  }
}

/** A private directory for one run; `prefix` is for people who look. */
export function workspace(
  context: StoreContext,
  prefix: string,
): { readonly dir: string; remove(): void } {
  const dir = newFolder(context, 'work', prefix.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 40))
  return {
    dir,
    remove: () => {
      moveToTrash(context, dir)
    },
  }
}

/** `caches/HASH`: the id is never a path (CVE-2024-9675). */
export function cacheMount(context: StoreContext, id: string): string {
  const dir = join(folderOf(context, 'caches'), createHash('sha256').update(id).digest('hex'))
  onDisk('make a cache directory', () => mkdirSync(dir, { recursive: true, mode: 0o755 }))
  return dir
}

/** Moves drafts, workspaces and temporary files of processes that are gone to the trash. @returns how many */
export function sweepDead(context: StoreContext): number {
  const { dead } = context.lease.survey()
  let swept = 0
  for (const folder of ['drafts', 'work', 'tmp'] as const)
    for (const name of readdirSync(folderOf(context, folder))) {
      const lease = leaseIn(name)
      const gone = dead.has(lease) || !existsSync(join(folderOf(context, 'leases'), lease))
      if (gone && moveToTrash(context, join(folderOf(context, folder), name))) swept += 1
    }
  for (const lease of dead) moveToTrash(context, join(folderOf(context, 'leases'), lease))
  context.lease.tidy()
  return swept
}

const swept = new WeakSet<StoreContext>()

function newFolder(context: StoreContext, parent: 'drafts' | 'work', suffix: string): string {
  const lease = context.lease.hold()
  if (!swept.has(context)) {
    swept.add(context)
    sweepDead(context)
    onDisk('make a folder', () => spreadFolders(context))
  }
  const name = `${lease}.${randomName()}${suffix && `-${suffix}`}`
  const folder = join(folderOf(context, parent), name)
  onDisk(`make ${folder}`, () => mkdirSync(folder, { mode: 0o700 }))
  return folder
}
