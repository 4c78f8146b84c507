import { Fault } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import type { ContainerInfo } from '../engines/index.ts'
import { chosen, type Filters, hasLabels, parseFilters } from './filters.ts'
import type { Session } from './session.ts'

/** A row of `ps`, times as RFC 3339. */
export type ContainerRow = {
  readonly id: string
  readonly image: string
  readonly command: string
  readonly created: string
  readonly state: ContainerInfo['state']['status']
  readonly status: string
  readonly running: boolean
  readonly since: string | null
  readonly ports: readonly string[]
  /** Of the check, null without one. */
  readonly health: 'starting' | 'healthy' | 'unhealthy' | null
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** Names of volumes, and folders of this machine. */
  readonly mounts: readonly string[]
  /** How many of them are volumes. */
  readonly localVolumes: number
  readonly network: string
}

export type ContainerQuery = {
  /** Also those that do not run. */
  readonly all: boolean
  /** Docker's `--filter`s. */
  readonly filters?: readonly string[] | undefined
  /** Only so many, whatever they do, the newest first. */
  readonly last?: number | undefined
}

const states = ['created', 'running', 'exited', 'paused', 'restarting', 'removing', 'dead'] as const
const known = [
  ...['id', 'name', 'label', 'exited', 'status', 'ancestor', 'before', 'since'],
  ...['volume', 'network', 'publish', 'expose', 'health'],
]

/** Containers newest first, as `docker ps` shows them. @throws Fault USAGE, CONTAINER_NOT_FOUND */
export async function listContainers(
  session: Session,
  query: ContainerQuery,
): Promise<readonly ContainerRow[]> {
  const { containers } = await session.engine()
  const filters = parseFilters(query.filters ?? [], known)
  const status = chosen(filters, 'status', states)
  const { last } = query
  const all = query.all || status !== undefined || last !== undefined
  const keep = containerTest(session, filters, (name) => containers.inspect(name))
  return containers
    .list()
    .filter((info) => (all || info.state.status === 'running') && keep(info))
    .filter((info) => !status || status.includes(info.state.status))
    .slice(0, last)
    .map(rowOf)
}

/** Docker's rules: values of one filter are alternatives, those of `label` must all hold; names and IDs are patterns. */
function containerTest(
  session: Session,
  filters: Filters,
  find: (name: string) => ContainerInfo,
): (info: ContainerInfo) => boolean {
  const madeOf = (name: string): readonly string[] =>
    (filters.get(name) ?? []).map((value) => find(value).spec.created)
  const before = madeOf('before')
  const since = madeOf('since')
  const health = chosen(filters, 'health', ['starting', 'healthy', 'unhealthy', 'none'])
  const any = (name: string, test: (value: string) => boolean): boolean =>
    filters.get(name)?.some(test) ?? true
  return (info) => {
    const { spec, state } = info
    const row = rowOf(info)
    const ports = spec.publish.map((port) => `${port.containerPort}/${port.protocol ?? 'tcp'}`)
    return (
      any('id', (value) => pattern(value).test(spec.id)) &&
      any(
        'name',
        (value) => pattern(value).test(spec.name) || pattern(value).test(`/${spec.name}`),
      ) &&
      hasLabels(filters, spec.labels) &&
      any('exited', (value) => state.status === 'exited' && state.exitCode === exitCodeOf(value)) &&
      any('ancestor', (value) => descends(session, info, value)) &&
      before.every((limit) => spec.created < limit) &&
      since.every((limit) => spec.created > limit) &&
      any('volume', (value) => spec.volumes.some((mount) => namesOf(mount).includes(value))) &&
      any('network', (value) => [row.network, spec.network].includes(value)) &&
      any('publish', (value) => inRange(ports, value)) &&
      any('expose', (value) => inRange([...ports, ...spec.exposed], value)) &&
      (health?.includes(row.health ?? 'none') ?? true)
    )
  }
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text)
  } catch (cause) {
    throw invalid(`${JSON.stringify(text)} is no pattern`, 'a name or a regular expression', cause)
  }
}

function exitCodeOf(text: string): number {
  if (/^-?\d+$/.test(text)) return Number(text)
  throw invalid(`invalid filter 'exited=${text}'`, 'it is an exit code, such as 0 or 137')
}

/** The image itself, or one that was built from it. */
function descends(session: Session, { spec }: ContainerInfo, name: string): boolean {
  const ancestor: StoredImage | undefined = session.store.findImage(name)
  if (!ancestor) return spec.image.reference === name
  if (ancestor.id === spec.image.id) return true
  const { layers } = ancestor
  return layers.length > 0 && layers.every((layer, at) => spec.layers[at] === layer)
}

function namesOf(mount: ContainerInfo['spec']['volumes'][number]): readonly string[] {
  if (mount.type === 'volume') return [mount.name, mount.target]
  return mount.type === 'bind' ? [mount.source, mount.target] : [mount.target]
}

/** `80`, `80/udp`, `8000-8080/tcp`. */
function inRange(ports: readonly string[], text: string): boolean {
  const match = /^(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/.exec(text)
  if (!match) throw invalid(`invalid port ${JSON.stringify(text)}`, 'write 80, 80/udp or 80-90/tcp')
  const [, from, to = from, protocol = 'tcp'] = match
  return ports.some((port) => {
    const [number, kind] = port.split('/')
    return kind === protocol && Number(number) >= Number(from) && Number(number) <= Number(to)
  })
}

function rowOf({ spec, state, health }: ContainerInfo): ContainerRow {
  const running = state.status === 'running'
  return {
    id: spec.id,
    image: spec.image.reference,
    command: spec.argv
      .map((word, at) => (at > 0 && word.includes(' ') ? `'${word}'` : word))
      .join(' '),
    created: spec.created,
    state: state.status,
    status: state.status === 'exited' ? `Exited (${state.exitCode})` : running ? 'Up' : 'Created',
    running,
    since: running ? state.started : state.status === 'exited' ? state.finished : null,
    ports: running ? shownPorts(spec, state.ports) : [],
    health: running ? (health?.status ?? null) : null,
    name: spec.name,
    labels: spec.labels,
    mounts: spec.volumes.flatMap((mount) =>
      mount.type === 'tmpfs' ? [] : (namesOf(mount)[0] ?? []),
    ),
    localVolumes: spec.volumes.filter(({ type }) => type === 'volume').length,
    network: spec.network === 'own' ? 'bridge' : spec.network,
  }
}

/** As Docker: those that are only exposed first. */
function shownPorts(
  { exposed, network }: ContainerInfo['spec'],
  published: ContainerInfo['spec']['publish'],
): readonly string[] {
  const inner = published.map((port) => `${port.containerPort}/${port.protocol ?? 'tcp'}`)
  return [
    ...(network === 'own' ? exposed.filter((port) => !inner.includes(port)) : []),
    ...published.map((port, at) => `${port.ip}:${port.hostPort}->${inner[at] ?? ''}`),
  ]
}

function invalid(message: string, hint: string, cause?: unknown): Fault {
  return new Fault('USAGE', message, { kind: 'invalid', hint, cause })
}
