import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { join } from 'node:path'
import type { Scope } from '../../base/index.ts'
import type { CopySource, StepMount } from '../../build/index.ts'
import { holdLock } from './cache-lock.ts'
import { materialise } from './materialise.ts'

type CacheMount = Extract<StepMount, { type: 'cache' }>

/** A build that needs more writers at once than this waits. */
const privateCopies = 16

/**
 * The directory of a cache mount inside the store's folder for its id: `data`, with `lock` beside it; `private`
 * mounts use `data-0`, `data-1`, … whichever is free. `locked` waits until nobody else holds it.
 */
export async function cacheDirectory(
  folder: string,
  mount: CacheMount,
  seed: { readonly source: CopySource; readonly path: string } | null,
  scope: Scope,
  signal?: AbortSignal,
): Promise<string> {
  const name = await claim(folder, mount, scope, signal)
  const dir = join(folder, name)
  if (!existsSync(dir)) await create(folder, dir, mount, seed, signal)
  return dir
}

async function claim(
  folder: string,
  mount: CacheMount,
  scope: Scope,
  signal?: AbortSignal,
): Promise<string> {
  if (mount.sharing === 'shared') return 'data'
  const names =
    mount.sharing === 'locked'
      ? ['lock']
      : Array.from({ length: privateCopies }, (_, at) => `lock-${at}`)
  const lock = await holdLock(
    names.map((name) => join(folder, name)),
    signal,
  )
  scope.add(lock, (held) => held.release())
  return mount.sharing === 'locked' ? 'data' : `data-${lock.index}`
}

/** Made aside and renamed into place, so that a step that runs at the same time sees all of the seed or nothing. */
async function create(
  folder: string,
  dir: string,
  mount: CacheMount,
  seed: { readonly source: CopySource; readonly path: string } | null,
  signal?: AbortSignal,
): Promise<void> {
  const aside = mkdtempSync(join(folder, 'new-'))
  try {
    const fresh = seed
      ? await materialise(seed.source, seed.path, join(aside, 'seed'), signal)
      : join(aside, 'empty')
    if (!seed) mkdirSync(fresh)
    // A folder that is there keeps what it has, unless the mount says otherwise (BuildKit).
    const asked = mount.uid !== 0 || mount.gid !== 0 || mount.mode !== 0o755
    if (!seed || asked) {
      chownSync(fresh, mount.uid, mount.gid)
      chmodSync(fresh, mount.mode)
    }
    if (!existsSync(dir)) renameSync(fresh, dir)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}
