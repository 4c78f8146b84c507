import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, type Scope } from '../../base/index.ts'
import type { BindSource, CopySource, StepMount } from '../../build/index.ts'
import { type FileTree, resolvePath } from '../../image/index.ts'
import type { Store } from '../../store/index.ts'
import { cacheDirectory } from './cache-mount.ts'
import { materialise } from './materialise.ts'
import type { Overlay, SandboxMount } from './sandbox/index.ts'
import { serveAgent } from './ssh/index.ts'

export type PreparedMounts = {
  readonly mounts: readonly SandboxMount[]
  readonly views: readonly Overlay[]
}

type Work = {
  readonly store: Store
  /** Private directory on the store's file system. */
  readonly dir: string
  readonly scope: Scope
  readonly volatile: boolean
  readonly signal: AbortSignal | undefined
  readonly views: Overlay[]
}

/**
 * What `RUN --mount` means in terms of the sandbox. Locks are released with the scope.
 * @throws Fault MOUNT_SOURCE_MISSING
 */
export async function prepareMounts(
  mounts: readonly StepMount[],
  work: Omit<Work, 'views'>,
): Promise<PreparedMounts> {
  const full: Work = { ...work, views: [] }
  const prepared: SandboxMount[] = []
  for (const [at, mount] of mounts.entries()) prepared.push(await prepareMount(mount, at, full))
  return { mounts: prepared, views: full.views }
}

async function prepareMount(mount: StepMount, at: number, work: Work): Promise<SandboxMount> {
  switch (mount.type) {
    case 'tmpfs':
      return mount
    case 'secret': {
      const { target, bytes, mode, uid, gid } = mount
      return { type: 'file', target, bytes, mode, uid, gid, readOnly: true }
    }
    case 'cache': {
      const { target, readOnly } = mount
      const seed = mount.seed ? locate(mount.seed.from, mount.seed.source, work.store) : null
      const folder = work.store.cacheMount(mount.id)
      const source = await cacheDirectory(folder, mount, seed, work.scope, work.signal)
      return { type: 'bind', source, target, kind: 'dir', readOnly }
    }
    case 'bind':
      return prepareBind(mount, at, work)
    case 'ssh': {
      const { target } = mount
      const source = await serveAgent(mount, work.scope)
      return { type: 'bind', source, target, kind: 'file', readOnly: false }
    }
  }
}

async function prepareBind(
  mount: Extract<StepMount, { type: 'bind' }>,
  at: number,
  work: Work,
): Promise<SandboxMount> {
  const { source, path, kind } = locate(mount.from, mount.source, work.store)
  const common = { type: 'bind', target: mount.target, kind, readOnly: !mount.readWrite } as const
  if (mount.from.kind === 'layers') {
    if (mount.from.layers.length === 0) return { ...common, source: emptyFolder(work, at) }
    const lowers = mount.from.layers.map((id) => work.store.layerPath(id))
    return { ...common, source: addView(work, lowers, at, mount.readWrite, path) }
  }
  const host =
    hostCopy(source, path, kind) ??
    (await materialise(source, path, join(work.dir, `bind${at}`), work.signal))
  if (!mount.readWrite) return { ...common, source: host }
  if (kind === 'dir') return { ...common, source: addView(work, [host], at, true, '') }
  const copy = await materialise(source, path, join(work.dir, `bind${at}-rw`), work.signal)
  return { ...common, source: copy }
}

/** What `from=scratch` shows: an overlay needs at least one layer. */
function emptyFolder(work: Work, at: number): string {
  const folder = join(work.dir, `bind${at}`)
  mkdirSync(folder)
  return folder
}

/** The place on the host that shows exactly this part of the source, when there is one. */
function hostCopy(source: CopySource, path: string, kind: 'dir' | 'file'): string | null {
  const host = source.hostPath(path)
  if (host === null) return null
  const stats = statSync(host, { throwIfNoEntry: false })
  return stats && (kind === 'dir' ? stats.isDirectory() : stats.isFile()) ? host : null
}

/** An overlay mounted aside; what is written to it goes to an upper directory that is thrown away. */
function addView(
  work: Work,
  lowers: readonly string[],
  at: number,
  writable: boolean,
  path: string,
): { readonly view: number; readonly path: string } {
  const dirs = { upper: join(work.dir, `upper${at}`), work: join(work.dir, `work${at}`) }
  if (writable) for (const dir of Object.values(dirs)) mkdirSync(dir)
  const upper = writable ? dirs : null
  work.views.push({ lowers, upper, volatile: work.volatile })
  return { view: work.views.length - 1, path: path === '/' ? '' : path }
}

/** Follows symlinks inside the source only: a link to `/` or `..` stays in it (CVE-2024-1753, CVE-2024-23651). */
function locate(
  from: BindSource,
  wanted: string,
  store: Store,
): { readonly source: CopySource; readonly path: string; readonly kind: 'dir' | 'file' } {
  const source =
    from.kind === 'copy-source' ? from.source : layered(store.tree(from.layers), from.layers)
  const { path, entry } = resolvePath(source.tree, wanted)
  if (!entry)
    throw new Fault('MOUNT_SOURCE_MISSING', `failed to find ${JSON.stringify(wanted)}: not found`, {
      hint: 'the source of a mount is relative to the build context or to the stage named by from=',
    })
  if (entry.kind !== 'dir' && entry.kind !== 'file')
    throw new Fault('MOUNT_SOURCE_INVALID', `cannot mount ${wanted}: it is a ${entry.kind}`)
  return { source, path, kind: entry.kind }
}

/** The merged layers of an image as something to copy from. */
export function layered(tree: FileTree, layers: CopySource['layers'] & {}): CopySource {
  return {
    tree,
    layers,
    hostPath: () => null,
    contentDigest: () => {
      throw new Fault('MOUNT_DIGEST', 'a mount is read, not hashed', { kind: 'internal' })
    },
  }
}
