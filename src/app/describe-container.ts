import type { ContainerInfo, VolumeInfo } from '../engines/index.ts'
import type { Session } from './session.ts'

/** `docker inspect` of a container. @throws Fault CONTAINER_NOT_FOUND */
export async function describeContainer(
  session: Session,
  name: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { containers } = await session.engine()
  const info = containers.inspect(name)
  const { spec } = info
  const [path = '', ...args] = spec.argv
  const volumes = new Map(containers.volumes().map((volume) => [volume.name, volume]))
  const { memory, cpus } = spec.limits
  return {
    Id: spec.id,
    Created: spec.created,
    Path: path,
    Args: args,
    State: stateOf(info),
    Image: spec.image.id,
    Name: `/${spec.name}`,
    RestartCount: 0,
    Driver: 'overlay2',
    Platform: 'linux',
    HostConfig: {
      NetworkMode: spec.network === 'own' ? 'default' : spec.network,
      PortBindings: bindings(spec.publish),
      AutoRemove: spec.removeOnExit,
      ReadonlyRootfs: spec.readOnly,
      Privileged: false,
      Init: spec.init,
      Memory: memory ?? 0,
      NanoCpus: Math.round((cpus ?? 0) * 1e9),
      ExtraHosts: spec.addHosts,
    },
    Mounts: spec.volumes.map((mount) => mountOf(mount, volumes)),
    Config: {
      Hostname: spec.hostname,
      User: `${spec.user.uid}:${spec.user.gid}`,
      Tty: spec.terminal,
      Env: spec.env,
      Cmd: spec.argv,
      ...(spec.healthcheck === null ? {} : { Healthcheck: spec.healthcheck }),
      Image: spec.image.reference,
      WorkingDir: spec.cwd,
      StopSignal: spec.stopSignal,
    },
    NetworkSettings: { Ports: portsOf(info) },
  }
}

/** Docker's word for a time that has not come. */
const never = '0001-01-01T00:00:00Z'

function stateOf({ state, health }: ContainerInfo): Readonly<Record<string, unknown>> {
  const exited = state.status === 'exited' ? state : undefined
  const running = state.status === 'running' ? state : undefined
  return {
    Status: state.status,
    Running: running !== undefined,
    Paused: false,
    Restarting: false,
    OOMKilled: false,
    Dead: false,
    Pid: running?.process.pid ?? 0,
    ExitCode: exited?.exitCode ?? 0,
    Error: exited?.error?.message ?? '',
    StartedAt: running?.started ?? exited?.started ?? never,
    FinishedAt: exited?.finished ?? never,
    ...(health === null
      ? {}
      : {
          Health: {
            Status: health.status,
            FailingStreak: health.failingStreak,
            Log: health.log.map((probe) => ({
              Start: probe.start,
              End: probe.end,
              ExitCode: probe.exitCode,
              Output: probe.output,
            })),
          },
        }),
  }
}

function mountOf(
  mount: ContainerInfo['spec']['volumes'][number],
  volumes: ReadonlyMap<string, VolumeInfo>,
): Readonly<Record<string, unknown>> {
  const { type, target } = mount
  if (type === 'tmpfs') return { Type: type, Source: '', Destination: target, Mode: '', RW: true }
  const common = { Destination: target, Mode: mount.readOnly ? 'ro' : '', RW: !mount.readOnly }
  if (type === 'bind') return { Type: type, Source: mount.source, ...common }
  const source = volumes.get(mount.name)?.mountpoint ?? ''
  return { Type: type, Name: mount.name, Source: source, ...common, Driver: 'local' }
}

type Ports = ContainerInfo['spec']['publish']
type Binding = { readonly HostIp: string; readonly HostPort: string }

function bindings(ports: Ports): Readonly<Record<string, readonly Binding[]>> {
  const found: Record<string, Binding[]> = {}
  for (const { ip, hostPort, containerPort, protocol = 'tcp' } of ports) {
    const list = found[`${containerPort}/${protocol}`] ?? []
    list.push({ HostIp: ip, HostPort: String(hostPort) })
    found[`${containerPort}/${protocol}`] = list
  }
  return found
}

function portsOf({ state }: ContainerInfo): ReturnType<typeof bindings> {
  return state.status === 'running' ? bindings(state.ports) : {}
}
