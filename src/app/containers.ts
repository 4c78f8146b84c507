import { Fault } from '../base/index.ts'
import type { Ulimit } from '../build/index.ts'
import type { Containers } from '../engines/index.ts'
import {
  containerHealthcheck,
  containerLimits,
  type HealthFlags,
  type LimitFlags,
} from './container-limits.ts'
import type { MountFlags } from './container-mounts.ts'
import { bringImage } from './docker-engine.ts'
import type { Session } from './session.ts'
import { readUserFile } from './user-file.ts'

type RunOptions = Parameters<Containers['run']>[0]
type PortMapping = NonNullable<RunOptions['publish']>[number]

/** `docker run`'s flags as text. */
export type RunFlags = {
  readonly image: string
  readonly command: readonly string[]
  readonly name?: string | undefined
  readonly hostname?: string | undefined
  readonly env: readonly string[]
  readonly envFiles: readonly string[]
  readonly user?: string | undefined
  readonly workdir?: string | undefined
  readonly entrypoint?: string | undefined
  readonly network?: string | undefined
  readonly publish: readonly string[]
  readonly addHosts: readonly string[]
  readonly stopSignal?: string | undefined
  readonly remove: boolean
  readonly terminal: boolean
  readonly mounts: MountFlags
  readonly health: HealthFlags
  readonly limits: LimitFlags
  readonly capAdd: readonly string[]
  readonly capDrop: readonly string[]
  readonly init: boolean
  readonly readOnly: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly exposed: readonly string[]
  readonly publishAll: boolean
  readonly shmSize?: number | undefined
  readonly ulimits: readonly Ulimit[]
  readonly dns: NonNullable<RunOptions['dns']>
  readonly stopTimeout?: string | undefined
}

/** @throws Fault IMAGE_NOT_FOUND, USAGE, CAPABILITY_UNKNOWN, VOLUME_NAME_INVALID */
export async function runOptions(session: Session, flags: RunFlags): Promise<RunOptions> {
  const { chooseCapabilities } = await import('../engines/index.ts')
  const { containerMounts } = await import('./container-mounts.ts')
  const network = networkOf(flags.network)
  const env = [...flags.envFiles.flatMap(readEnvFile), ...flags.env]
  checkEnvironment(env)
  checkWorkdir(flags.workdir)
  return {
    image: await bringImage(session, flags.image),
    reference: flags.image,
    env,
    publish: flags.publish.flatMap(parsePublish),
    addHosts: flags.addHosts,
    removeOnExit: flags.remove,
    terminal: flags.terminal,
    network,
    volumes: containerMounts(flags.mounts),
    healthcheck: containerHealthcheck(flags.health),
    limits: containerLimits(flags.limits),
    capabilities: chooseCapabilities(flags.capAdd, flags.capDrop),
    init: flags.init,
    readOnly: flags.readOnly,
    labels: flags.labels,
    exposed: flags.exposed.flatMap(exposedPorts),
    publishAll: flags.publishAll,
    shmSize: flags.shmSize,
    ulimits: flags.ulimits,
    dns: Object.values(flags.dns).some((list) => list.length > 0) ? flags.dns : undefined,
    stopTimeoutS:
      flags.stopTimeout === undefined ? undefined : natural(flags.stopTimeout, 'stop-timeout'),
    ...(flags.command.length > 0 ? { command: flags.command } : {}),
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(flags.hostname === undefined ? {} : { hostname: flags.hostname }),
    ...(flags.user === undefined ? {} : { user: flags.user }),
    ...(flags.workdir === undefined ? {} : { workdir: flags.workdir }),
    ...(flags.entrypoint === undefined ? {} : { entrypoint: [flags.entrypoint] }),
    ...(flags.stopSignal === undefined ? {} : { stopSignal: flags.stopSignal }),
  }
}

/** As Docker: a setting has a name. @throws Fault USAGE */
export function checkEnvironment(env: readonly string[]): void {
  const nameless = env.find((setting) => setting.startsWith('='))
  if (nameless !== undefined)
    throw usage(`invalid environment variable: ${nameless}`, 'write -e NAME=value')
}

/** As Docker: a relative one would depend on the image's. @throws Fault USAGE */
export function checkWorkdir(workdir: string | undefined): void {
  if (workdir !== undefined && !workdir.startsWith('/'))
    throw usage(
      `the working directory '${workdir}' is invalid, it needs to be an absolute path`,
      'write -w /DIR',
    )
}

function networkOf(text: string | undefined): 'own' | 'host' | 'none' {
  if (text === undefined || text === 'own' || text === 'bridge' || text === 'default') return 'own'
  if (text === 'host' || text === 'none') return text
  throw usage(`network ${text} not found`, 'use own (the default), host or none')
}

/** `[[ip:]hostPort:]containerPort[/tcp|udp]`, ranges of equal length; 127.0.0.1 unless an address is given. */
export function parsePublish(text: string): readonly PortMapping[] {
  const match = /^(?:(?:(\[[^\]]+\]|[\d.]+):)?(\d*(?:-\d+)?):)?(\d+(?:-\d+)?)(?:\/(\w+))?$/.exec(
    text,
  )
  if (!match)
    throw usage(`invalid publish opts format: ${text}`, 'write -p 5000:5000 or -p 0.0.0.0:8080:80')
  const [, ip, host, container = '', given = 'tcp'] = match
  const protocol = given.toLowerCase()
  if (protocol !== 'tcp' && protocol !== 'udp')
    throw usage(`cannot publish ${given} ports: ${text}`, 'TCP and UDP ports can be published')
  const inner = range(container, text)
  const outer = host === undefined || host === '' ? inner.map(() => 0) : range(host, text)
  if (outer.length !== inner.length)
    throw usage(
      `invalid ranges specified for container and host ports: ${text}`,
      'both ranges must be equally long',
    )
  return inner.map((containerPort, at) => ({
    ip: ip?.replace(/^\[|\]$/g, '') ?? '127.0.0.1',
    hostPort: outer[at] ?? 0,
    containerPort,
    ...(protocol === 'udp' ? { protocol } : {}),
  }))
}

/** `8080`, `8080-8090`, `53/udp`. */
function exposedPorts(text: string): readonly string[] {
  const [, ports = '', protocol = 'tcp'] = /^(\d+(?:-\d+)?)(?:\/(tcp|udp|sctp))?$/.exec(text) ?? []
  if (ports === '') throw usage(`invalid exposed port ${text}`, 'write 80, 53/udp or 8080-8090')
  return range(ports, text).map((port) => `${port}/${protocol}`)
}

/** The value of a flag that is a whole number from 0 on. @throws Fault USAGE */
export function natural(text: string, flag: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw usage(`invalid argument ${JSON.stringify(text)} for --${flag}`, 'write a whole number')
}

function range(text: string, all: string): number[] {
  const [from = 0, to = from] = text.split('-').map(Number)
  if (to < from || to > 65_535) throw usage(`invalid port range: ${all}`, 'ports are 0 to 65535')
  return Array.from({ length: to - from + 1 }, (_, at) => from + at)
}

/** `NAME=value` lines; `#` starts a comment line. */
export function readEnvFile(path: string): string[] {
  const text = readUserFile(path, { code: 'ENV_FILE_UNREADABLE', what: `open ${path}` }).toString(
    'utf8',
  )
  return text.split(/\r?\n/).filter((line) => line.includes('=') && !line.startsWith('#'))
}

function usage(message: string, hint: string): Fault {
  return new Fault('USAGE', message, { kind: 'invalid', hint })
}
