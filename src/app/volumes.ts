import { Fault } from '../base/index.ts'
import type { VolumeInfo } from '../engines/index.ts'
import { chosen, chosenBool, hasLabels, parseFilters } from './filters.ts'
import type { Session } from './session.ts'

/** `docker volume ls --filter`: patterns of `name`, and whether a container mounts it. @throws Fault USAGE */
export async function listVolumes(
  session: Session,
  texts: readonly string[],
): Promise<readonly VolumeInfo[]> {
  const { containers } = await session.engine()
  const filters = parseFilters(texts, ['name', 'dangling', 'driver', 'label'])
  const dangling = chosenBool(filters, 'dangling')
  const names = filters.get('name')
  chosen(filters, 'driver', ['local'])
  return containers
    .volumes()
    .filter(({ name }) => names?.some((part) => name.includes(part)) ?? true)
    .filter(({ users }) => dangling === undefined || dangling === (users.length === 0))
    .filter(() => hasLabels(filters, {}))
}

/** `docker volume inspect`. @throws Fault VOLUME_NOT_FOUND */
export async function describeVolume(
  session: Session,
  wanted: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { containers } = await session.engine()
  const volume = containers.volumes().find(({ name }) => name === wanted)
  if (!volume)
    throw new Fault('VOLUME_NOT_FOUND', `no such volume: ${wanted}`, {
      hint: 'jettison volume ls lists them',
    })
  return {
    CreatedAt: volume.created,
    Driver: 'local',
    Labels: {},
    Mountpoint: volume.mountpoint,
    Name: volume.name,
    Options: {},
    Scope: 'local',
  }
}
