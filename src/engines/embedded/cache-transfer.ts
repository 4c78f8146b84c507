import { execFile } from 'node:child_process'
import { existsSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Fault, withScope } from '../../base/index.ts'
import type { LayerId } from '../../build/index.ts'
import type { Store } from '../../store/index.ts'
import { holdLock } from './cache-lock.ts'

const run = promisify(execFile)

/**
 * What a cache mount holds, as a layer of the store, so that it can travel as one; null when it holds nothing. Those who
 * share the mount as `locked` wait meanwhile.
 * @throws Fault STORE_IO
 */
export function cacheMountLayer(
  store: Store,
  id: string,
  signal?: AbortSignal,
): Promise<LayerId | null> {
  const folder = store.cacheMount(id)
  const data = join(folder, 'data')
  return withScope(async (scope) => {
    scope.add(await holdLock([join(folder, 'lock')], signal), (lock) => lock.release())
    if (!existsSync(data) || readdirSync(data).length === 0) return null
    const draft = scope.add(store.draftLayer(), (made) => made.discard())
    await copyAll(data, draft.upper, signal)
    return draft.publish().id
  })
}

/** Whether a cache mount has nothing in it that an import would have to give way to. */
export function isEmptyCacheMount(store: Store, id: string): boolean {
  const data = join(store.cacheMount(id), 'data')
  return !existsSync(data) || readdirSync(data).length === 0
}

/** Gives an empty cache mount the files of a layer; one that has got some in the meantime keeps them. @throws Fault STORE_IO */
export async function fillCacheMount(
  store: Store,
  id: string,
  layer: LayerId,
  signal?: AbortSignal,
): Promise<void> {
  const data = join(store.cacheMount(id), 'data')
  // A workspace is cleared away also when this process is killed.
  const { dir, remove } = store.workspace('cache')
  try {
    const aside = join(dir, 'data')
    await copyAll(store.layerPath(layer), aside, signal)
    // Renaming onto a directory works when it is empty.
    if (isEmptyCacheMount(store, id)) renameSync(aside, data)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
  } finally {
    remove()
  }
}

/** With owners, times and attributes, and the folder's own; the layer's files are copied, because a RUN writes to them. */
async function copyAll(from: string, to: string, signal?: AbortSignal): Promise<void> {
  const args = ['-a', '--reflink=auto', '-T', '--', from, to]
  try {
    await run('cp', args, signal ? { signal } : {})
  } catch (error) {
    signal?.throwIfAborted()
    throw notCopied(error)
  }
}

function notCopied(cause: unknown): Fault {
  const said = cause instanceof Error ? cause.message.trim().split('\n').at(-1) : String(cause)
  return new Fault('STORE_IO', `the files of a cache mount cannot be copied: ${said}`, { cause })
}
