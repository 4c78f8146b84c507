import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Fault } from '../base/index.ts'
import type { LayerId } from '../build/index.ts'
import type { FileTree, LayerView } from '../image/index.ts'
import { errnoOf, onDisk } from './disk-fault.ts'
import type { LayerMeta } from './layer-meta.ts'
import type { ScannedEntry } from './layer-scan.ts'
import { type Lease, openLease } from './lease.ts'
import { randomName } from './names.ts'

/** What the parts of one open store share. */
export type StoreContext = {
  readonly root: string
  /** Held from the first write on: says to other processes that drafts and layers are in use. */
  readonly lease: Lease
  /** Layer records read so far; they never change on disk. */
  readonly metas: Map<LayerId, LayerMeta>
  /** Layers looked into so far, with what was read of them. */
  readonly views: Map<LayerId, LayerView>
  /** Trees read so far by their layers, the one used last at the end. */
  readonly trees: Map<string, FileTree>
  /** The entries of the layer published last, kept for the digest that is asked for next. */
  lastScan: { readonly id: LayerId; readonly scanned: readonly ScannedEntry[] } | undefined
}

const format = 'jettison-store 1\n'

const folders = [
  'blobs/sha256',
  'layers',
  'diffids',
  'steps',
  'images',
  'tags',
  'drafts',
  'work',
  'caches',
  'leases',
  'tmp',
  'trash',
] as const

export type StoreFolder = (typeof folders)[number]

/**
 * Opens or makes the directory: two system calls when it exists, nothing is scanned.
 * @throws Fault STORE_UNSAFE, STORE_VERSION
 */
export function openContext(path: string): StoreContext {
  const root = resolve(path)
  const version = readVersion(root)
  if (version === undefined) create(root)
  else if (version !== format)
    throw new Fault('STORE_VERSION', `the store ${root} has another format: ${version.trim()}`, {
      kind: 'invalid',
      hint: 'Point --root at another directory.',
    })
  refuseShared(root)
  return {
    root,
    lease: openLease(join(root, 'leases')),
    metas: new Map(),
    views: new Map(),
    trees: new Map(),
    lastScan: undefined,
  }
}

export function folderOf(context: Pick<StoreContext, 'root'>, folder: StoreFolder): string {
  return join(context.root, folder)
}

function readVersion(root: string): string | undefined {
  try {
    return readFileSync(join(root, 'version'), 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined
    throw onDiskError(error, root)
  }
}

function create(root: string): void {
  onDisk(`make the store ${root}`, () => {
    if (!existsSync(root)) mkdirSync(root, { recursive: true, mode: 0o700 })
    for (const folder of folders) mkdirSync(join(root, folder), { recursive: true, mode: 0o700 })
    // Whole or not there: somebody else may be opening the store at this moment.
    const temp = join(root, `.version-${randomName()}`)
    writeFileSync(temp, format)
    renameSync(temp, join(root, 'version'))
  })
}

/** Whoever can write here decides what we mount and run (CVE-2021-41091 and its kind). */
function refuseShared(root: string): void {
  const { uid, mode } = statSync(root)
  const mine = process.geteuid?.() ?? uid
  if (uid === mine && (mode & 0o022) === 0) return
  throw new Fault('STORE_UNSAFE', `the store ${root} can be written by other users`, {
    kind: 'invalid',
    hint: 'Make it yours alone: chown it to you and chmod 700.',
  })
}

function onDiskError(error: unknown, root: string): Fault {
  return new Fault('STORE_IO', `cannot open the store ${root}: ${String(error)}`, { cause: error })
}
