import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import { Fault } from '../../../base/index.ts'
import type { StoredImage, Ulimit } from '../../../build/index.ts'
import type { Healthcheck } from '../../../image/index.ts'
import type { Store } from '../../../store/index.ts'
import type { PortMapping } from '../netns/index.ts'
import { chooseCapabilities } from '../sandbox/index.ts'
import { type CommandOverrides, containerCommand } from './command.ts'
import { ownIdentity } from './identity.ts'
import type { Limits } from './limits.ts'
import { randomContainerName } from './names.ts'
import type { Records } from './records.ts'
import { signalNumber } from './signals.ts'
import type { ContainerSpec, Dns, VolumeMount } from './types.ts'
import { anonymousName } from './volumes.ts'

/** `docker run`'s options, as values. */
export type RunOptions = CommandOverrides & {
  readonly image: StoredImage
  /** How the user named the image. */
  readonly reference: string
  readonly name?: string
  readonly hostname?: string
  /** Default `own`: a network of its own, reachable through published ports only. */
  readonly network?: 'own' | 'host' | 'none'
  readonly publish?: readonly PortMapping[]
  readonly addHosts?: readonly string[]
  readonly stopSignal?: string
  readonly removeOnExit?: boolean
  /** The container gets a pseudo-terminal. */
  readonly terminal?: boolean
  /** Besides those of the image's VOLUME. */
  readonly volumes?: readonly VolumeMount[]
  /** Laid over the image's, field by field; null runs no check. */
  readonly healthcheck?: Healthcheck | null
  /** From `chooseCapabilities`; default: Docker's. */
  readonly capabilities?: readonly string[]
  readonly init?: boolean
  readonly readOnly?: boolean
  readonly limits?: Limits
  /** Over those of the image. */
  readonly labels?: Readonly<Record<string, string>>
  /** `80/tcp`, besides those of the image. */
  readonly exposed?: readonly string[]
  /** Publishes every exposed port on a free one of 127.0.0.1. */
  readonly publishAll?: boolean
  readonly shmSize?: number | undefined
  readonly ulimits?: readonly Ulimit[]
  readonly dns?: Dns | undefined
  readonly stopTimeoutS?: number | undefined
}

const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/

/**
 * Writes the record of a new container; nothing runs yet.
 * @throws Fault NAME_IN_USE, NAME_INVALID, NO_COMMAND, USER_NOT_FOUND, SIGNAL_INVALID, MOUNT_DUPLICATE, STORE_READ_ONLY
 */
export function createContainer(
  store: Store,
  records: Records,
  options: RunOptions,
): ContainerSpec {
  store.hold()
  const id = randomBytes(32).toString('hex')
  const hostname = options.hostname ?? id.slice(0, 12)
  const terminal = options.terminal ?? false
  const config = options.image.config.config
  const tree = store.tree(options.image.layers)
  const command = containerCommand(config, options, { tree, hostname, terminal })
  const stopSignal = options.stopSignal ?? config.StopSignal ?? 'SIGTERM'
  signalNumber(stopSignal)
  const exposed = [
    ...new Set([...Object.keys(config.ExposedPorts ?? {}), ...(options.exposed ?? [])]),
  ]
  const spec: Omit<ContainerSpec, 'name'> = {
    id,
    image: { id: options.image.id, reference: options.reference },
    layers: options.image.layers,
    ...command,
    hostname,
    network: options.network ?? 'own',
    publish: [...(options.publish ?? []), ...(options.publishAll ? freePorts(exposed) : [])],
    addHosts: options.addHosts ?? [],
    stopSignal,
    removeOnExit: options.removeOnExit ?? false,
    terminal,
    volumes: allVolumes(options.volumes ?? [], config.Volumes ?? {}),
    healthcheck: healthcheckOf(options.healthcheck, config.Healthcheck),
    shell: config.Shell ?? null,
    capabilities: options.capabilities ?? chooseCapabilities([], []),
    init: options.init ?? false,
    readOnly: options.readOnly ?? false,
    limits: options.limits ?? { memory: null, cpus: null },
    labels: { ...config.Labels, ...options.labels },
    exposed,
    shmSize: options.shmSize ?? null,
    ulimits: options.ulimits ?? [],
    dns: options.dns ?? null,
    stopTimeoutS: options.stopTimeoutS ?? null,
    created: new Date().toISOString(),
  }
  return options.name === undefined
    ? withRandomName(records, spec)
    : named(records, spec, checkedName(options.name))
}

/** Docker's `-P`. */
function freePorts(exposed: readonly string[]): readonly PortMapping[] {
  return exposed.flatMap((port) => {
    const [number, protocol = 'tcp'] = port.split('/')
    if (protocol !== 'tcp' && protocol !== 'udp') return []
    return [{ ip: '127.0.0.1', hostPort: 0, containerPort: Number(number), protocol }]
  })
}

/** A VOLUME that the user mounts nothing on is a volume of the container's own. */
function allVolumes(
  wanted: readonly VolumeMount[],
  declared: Readonly<Record<string, unknown>>,
): readonly VolumeMount[] {
  const taken = new Set<string>()
  for (const { target } of wanted) {
    if (taken.has(target))
      throw new Fault('MOUNT_DUPLICATE', `duplicate mount point: ${target}`, { kind: 'invalid' })
    taken.add(target)
  }
  const own = Object.keys(declared)
    .map((path) => posix.resolve('/', path))
    .filter((target) => !taken.has(target) && target !== '/')
    .map(
      (target): VolumeMount => ({
        type: 'volume',
        name: anonymousName(),
        anonymous: true,
        target,
        readOnly: false,
        seed: true,
      }),
    )
  const given = wanted.map(
    (mount): VolumeMount =>
      mount.type === 'volume' && mount.anonymous ? { ...mount, name: anonymousName() } : mount,
  )
  return [...given, ...own]
}

function healthcheckOf(
  wanted: Healthcheck | null | undefined,
  ofImage: Healthcheck | undefined,
): Healthcheck | null {
  if (wanted === null) return null
  const check = { ...ofImage, ...wanted }
  return check.Test === undefined || check.Test[0] === 'NONE' ? null : check
}

/** @throws Fault NAME_INVALID */
export function checkedName(name: string): string {
  if (namePattern.test(name)) return name
  throw new Fault('NAME_INVALID', `invalid container name ${JSON.stringify(name)}`, {
    kind: 'invalid',
    hint: 'letters, digits, `_`, `.` and `-`, at least two of them',
  })
}

function named(records: Records, spec: Omit<ContainerSpec, 'name'>, name: string): ContainerSpec {
  const full = { ...spec, name }
  records.create(full, { status: 'created', owner: ownIdentity() })
  return full
}

/** A name may be taken already; with the ID's beginning added it cannot be. */
function withRandomName(records: Records, spec: Omit<ContainerSpec, 'name'>): ContainerSpec {
  const name = randomContainerName()
  const used = records.list().some((other) => other.spec.name === name)
  return named(records, spec, used ? `${name}_${spec.id.slice(0, 6)}` : name)
}
