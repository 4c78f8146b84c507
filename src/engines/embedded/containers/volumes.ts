import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../../base/index.ts'
import { resolvePath } from '../../../image/index.ts'
import type { Store } from '../../../store/index.ts'
import { materialise } from '../materialise.ts'
import { layered } from '../mounts.ts'
import type { SandboxMount } from '../sandbox/index.ts'
import type { ContainerInfo, ContainerSpec, VolumeMount } from './types.ts'

export type VolumeInfo = {
  readonly name: string
  /** Where its files lie on the host. */
  readonly mountpoint: string
  /** RFC 3339. */
  readonly created: string
  /** Made for a container that asked for no name; it goes with `--rm` and `rm -v`. */
  readonly anonymous: boolean
  /** Names of the containers that mount it, running or not. */
  readonly users: readonly string[]
}

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/

/** @throws Fault VOLUME_NAME_INVALID */
export function checkVolumeName(name: string): string {
  if (namePattern.test(name)) return name
  throw new Fault('VOLUME_NAME_INVALID', `invalid volume name ${JSON.stringify(name)}`, {
    kind: 'invalid',
    hint: 'letters, digits, `_`, `.` and `-`, at least two of them; a path of the host begins with / or .',
  })
}

/** As Docker: 64 hex digits, which nobody gives as a name. */
export function anonymousName(): string {
  return randomBytes(32).toString('hex')
}

/**
 * What a container's volumes mean for its sandbox, parents before what lies below them. Volumes are made when missing,
 * and an empty one gets what the image has at its place.
 * @throws Fault BIND_SOURCE_MISSING, BIND_SOURCE_INVALID
 */
export async function prepareVolumes(store: Store, spec: ContainerSpec): Promise<SandboxMount[]> {
  const depth = ({ target }: VolumeMount): number => target.split('/').length
  const mounts: SandboxMount[] = []
  for (const mount of [...spec.volumes].sort((a, b) => depth(a) - depth(b)))
    mounts.push(await prepareVolume(store, spec, mount))
  return mounts
}

async function prepareVolume(
  store: Store,
  spec: ContainerSpec,
  mount: VolumeMount,
): Promise<SandboxMount> {
  const { target } = mount
  if (mount.type === 'tmpfs') return mount
  const { readOnly } = mount
  if (mount.type === 'volume') {
    const source = await volumeData(store, spec, mount)
    return { type: 'bind', source, target, kind: 'dir', readOnly }
  }
  const { source, kind } = bindSource(mount)
  return { type: 'bind', source, target, kind, readOnly, recursive: true }
}

function bindSource(mount: Extract<VolumeMount, { type: 'bind' }>): {
  readonly source: string
  readonly kind: 'dir' | 'file'
} {
  const { source } = mount
  // As Docker: -v makes the directory, --mount does not.
  if (mount.create && !existsSync(source)) mkdirSync(source, { recursive: true })
  const stats = statSync(source, { throwIfNoEntry: false })
  if (!stats)
    throw new Fault('BIND_SOURCE_MISSING', `bind source path does not exist: ${source}`, {
      kind: 'invalid',
      hint: 'paths are those of this machine; -v makes a missing directory, --mount does not',
    })
  return { source, kind: stats.isDirectory() ? 'dir' : 'file' }
}

/** The seed is made aside and renamed into place, so that two containers that start at once see all of it. */
async function volumeData(
  store: Store,
  spec: ContainerSpec,
  mount: Extract<VolumeMount, { type: 'volume' }>,
): Promise<string> {
  const dir = join(volumesRoot(store), mount.name)
  const data = join(dir, '_data')
  mkdirSync(dir, { recursive: true, mode: 0o711 })
  if (existsSync(data) && readdirSync(data).length > 0) return data
  const tree = store.tree(spec.layers)
  const { path, entry } = resolvePath(tree, mount.target)
  if (entry?.kind === 'dir' && mount.seed) {
    const aside = join(dir, `seed-${randomBytes(4).toString('hex')}`)
    try {
      replaceEmpty(await materialise(layered(tree, spec.layers), path, aside), data)
    } finally {
      rmSync(aside, { recursive: true, force: true })
    }
  }
  mkdirSync(data, { recursive: true, mode: 0o755 })
  return data
}

/** Renames a directory to a place that holds nothing; whoever came first keeps it. */
function replaceEmpty(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error
  }
}

function volumesRoot(store: Store): string {
  return join(store.root, 'volumes')
}

/** By name. */
export function listVolumes(
  store: Store,
  containers: readonly ContainerInfo[],
): readonly VolumeInfo[] {
  const root = volumesRoot(store)
  if (!existsSync(root)) return []
  return readdirSync(root)
    .sort()
    .map((name) => ({
      name,
      mountpoint: join(root, name, '_data'),
      created: statSync(join(root, name)).birthtime.toISOString(),
      anonymous: /^[0-9a-f]{64}$/.test(name),
      users: containers
        .filter(({ spec }) =>
          spec.volumes.some((one) => one.type === 'volume' && one.name === name),
        )
        .map(({ spec }) => spec.name),
    }))
}

/** Makes an empty volume; one that exists is left as it is. @throws Fault VOLUME_NAME_INVALID */
export function createVolume(store: Store, name: string): void {
  mkdirSync(join(volumesRoot(store), checkVolumeName(name), '_data'), { recursive: true })
}

/** @throws Fault VOLUME_NOT_FOUND, VOLUME_IN_USE */
export function removeVolume(
  store: Store,
  containers: readonly ContainerInfo[],
  name: string,
): void {
  const volume = listVolumes(store, containers).find((one) => one.name === name)
  if (!volume)
    throw new Fault('VOLUME_NOT_FOUND', `no such volume: ${name}`, {
      hint: '`jettison volume ls` lists them',
    })
  if (volume.users.length > 0)
    throw new Fault('VOLUME_IN_USE', `volume ${name} is in use by ${volume.users.join(', ')}`, {
      hint: 'remove the containers first',
    })
  deleteVolume(store, name)
}

/** Volumes that a removed container had to itself. */
export function removeAnonymousVolumes(
  store: Store,
  spec: ContainerSpec,
  others: readonly ContainerInfo[],
): void {
  const used = new Set(
    others
      .filter((other) => other.spec.id !== spec.id)
      .flatMap((other) => other.spec.volumes)
      .flatMap((one) => (one.type === 'volume' ? [one.name] : [])),
  )
  for (const one of spec.volumes)
    if (one.type === 'volume' && one.anonymous && !used.has(one.name)) deleteVolume(store, one.name)
}

/** Renamed first, so that no container finds a volume with half of its files. */
function deleteVolume(store: Store, name: string): void {
  const dir = join(volumesRoot(store), name)
  const trash = store.workspace('volume')
  try {
    if (existsSync(dir)) renameSync(dir, join(trash.dir, 'volume'))
  } finally {
    trash.remove()
  }
}
