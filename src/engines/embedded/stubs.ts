import { chmodSync, chownSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../base/index.ts'
import { type FileTree, resolvePath, type TreeEntry } from '../../image/index.ts'
import { type SandboxMount, systemMountPoints } from './sandbox/index.ts'

/**
 * Mount points that an image lacks are made in a lower directory of their own, between the image and the upper
 * directory: the layer never sees them, so nothing has to be cleaned out of it afterwards, and no parent directory
 * changes its time (BuildKit makes them in the upper directory and removes them again; CVE-2024-23652).
 * @returns the mounts with their targets resolved inside the root
 * @throws Fault MOUNT_TARGET_INVALID
 */
export function makeStubs(
  dir: string,
  tree: FileTree,
  mounts: readonly SandboxMount[],
): readonly SandboxMount[] {
  const stubs = new Stubs(dir, tree)
  const covered: string[] = []
  for (const path of systemMountPoints) {
    const kind = tree.lookup(path)?.kind
    // A mount through `/proc -> …` would leave the files behind it in reach (CVE-2026-41579).
    if (kind !== undefined && kind !== 'dir')
      throw new Fault('ROOT_UNSAFE', `${path} of the image is a ${kind}, not a directory`)
    stubs.add(path, 'dir')
    covered.push(path)
  }
  const placed = mounts.map((mount) => {
    const target = resolveTarget(tree, mount)
    const kind =
      mount.type === 'file' || (mount.type === 'bind' && mount.kind === 'file') ? 'file' : 'dir'
    // Below another mount the launcher makes the point inside that mount.
    if (!covered.some((above) => target === above || target.startsWith(`${above}/`)))
      stubs.add(target, kind)
    covered.push(target)
    return { ...mount, target }
  })
  stubs.finish()
  return placed
}

function resolveTarget(tree: FileTree, mount: SandboxMount): string {
  const { path, entry } = resolvePath(tree, mount.target)
  if (path === '/')
    throw new Fault('MOUNT_TARGET_INVALID', `cannot mount over the root: ${mount.target}`, {
      kind: 'invalid',
    })
  const wantsDir = mount.type === 'tmpfs' || (mount.type === 'bind' && mount.kind === 'dir')
  if (entry && (entry.kind === 'dir') !== wantsDir)
    throw new Fault(
      'MOUNT_TARGET_INVALID',
      `cannot mount a ${wantsDir ? 'directory' : 'file'} over ${mount.target}, which is a ${entry.kind}`,
      { kind: 'invalid' },
    )
  return path
}

class Stubs {
  readonly #dir: string
  readonly #tree: FileTree
  readonly #made = new Map<string, TreeEntry | undefined>()

  constructor(dir: string, tree: FileTree) {
    this.#dir = dir
    this.#tree = tree
    mkdirSync(dir)
    this.#made.set('/', tree.lookup('/'))
  }

  add(path: string, kind: 'dir' | 'file'): void {
    if (this.#made.has(path) || this.#tree.lookup(path)) return
    const parts = path.split('/').filter(Boolean)
    for (let depth = 1; depth < parts.length; depth++)
      this.#directory(`/${parts.slice(0, depth).join('/')}`)
    if (kind === 'dir') this.#directory(path)
    else {
      writeFileSync(join(this.#dir, path), '', { mode: 0o644 })
      this.#made.set(path, undefined)
    }
  }

  #directory(path: string): void {
    if (this.#made.has(path)) return
    const below = this.#tree.lookup(path)
    if (below && below.kind !== 'dir')
      throw new Fault(
        'MOUNT_TARGET_INVALID',
        `cannot make a mount point below ${path}: it is a ${below.kind}`,
        {
          kind: 'invalid',
        },
      )
    mkdirSync(join(this.#dir, path))
    this.#made.set(path, below)
  }

  /** A merged directory shows the metadata of the topmost one: give each stub's parent what the image's has. */
  finish(): void {
    for (const [path, below] of this.#made) if (below) copyMetadata(join(this.#dir, path), below)
  }
}

export function copyMetadata(
  path: string,
  entry: Pick<TreeEntry, 'mode' | 'uid' | 'gid' | 'mtime'>,
): void {
  chownSync(path, entry.uid, entry.gid)
  chmodSync(path, entry.mode)
  utimesSync(path, entry.mtime, entry.mtime)
}

/** The root directory of an overlay is its upper directory's: it must look like the image's. */
export function takeRootMetadata(upper: string, tree: FileTree): void {
  const root = tree.layerCount > 0 ? tree.lookup('/') : undefined
  chownSync(upper, root?.uid ?? 0, root?.gid ?? 0)
  chmodSync(upper, root?.mode ?? 0o755)
}
