import { dataFiles, dataReadBy, filesNamedBy, isBuildPackage } from '../../../analysis/index.ts'
import type { LeanBase } from '../../system/index.ts'
import type { PackageReason, ProjectInput } from '../../types.ts'
import type { Artifacts } from './artifacts.ts'

/** What the bundle is made from on Debian, whose package owns no bundle. */
const authorities = '/usr/share/ca-certificates/mozilla'

/** A function of Go's library, which is in a program only when something calls it. */
const goZones = 'time.LoadLocation'

/**
 * Packages of data that compiled programs read by a fixed path: the bundle of certificates where a program names its
 * place or links a TLS library,  time zones where one looks them up, names of ports, and whatever else
 * of the system they name. Only what the fat image has counts.
 */
export function dataNeeds(
  { facts, fatTree: tree, fatDb: db }: ProjectInput,
  { programs, installed, needed }: Artifacts,
  lean: LeanBase,
): ReadonlyMap<string, readonly PackageReason[]> {
  const { Env: env = [] } = facts.config.config
  const present = new Map(dataFiles(tree).map(({ id, path }) => [id, path]))
  const found = new Map<string, readonly PackageReason[]>()
  const add = (path: string | undefined, what: string, by: string | undefined): void => {
    const owner = path === undefined ? undefined : db.ownerOf(path)
    if (owner && by !== undefined)
      found.set(owner.name, [{ kind: 'opened', what, distribution: by }])
  }
  const all = [...new Set([...programs, ...installed])]
  const reads = dataReadBy(tree, all, env)
  const bundle = present.get('ca-certificates')
  add(
    bundle === undefined ? undefined : (firstFile(tree, authorities) ?? bundle),
    'certificates',
    reads.get('ca-certificates'),
  )
  const zoned = env.some((line) => line.startsWith('TZ='))
  add(
    present.get('zoneinfo') === undefined ? undefined : '/usr/share/zoneinfo/UTC',
    'time zones',
    zoned ? 'TZ' : all.find((path) => Buffer.from(tree.read(path)).includes(goZones)),
  )
  const libraries = [...needed].filter((path) => /\.so(?:\.|$)/.test(path))
  for (const { path, name, by } of filesNamedBy(tree, [...all, ...libraries])) {
    const owner = db.ownerOf(path)
    if (owner && !lean.has(path) && !isBuildPackage(owner) && !found.has(owner.name))
      add(path, name, by)
  }
  add('/etc/services', 'names of ports', reads.get('services'))
  return found
}

function firstFile(tree: ProjectInput['fatTree'], dir: string): string | undefined {
  const [name] = tree.readdir(dir)
  return name === undefined ? undefined : `${dir}/${name}`
}
