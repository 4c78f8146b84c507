import { capabilitiesOf } from './capabilities.ts'
import { maskedPaths, readOnlyPaths } from './paths.ts'
import { runtimeSeccomp } from './seccomp-names.ts'
import { quote, sourceOf } from './shell-script.ts'
import type { Sandbox } from './types.ts'
import { ulimitsOf } from './ulimits.ts'
import { shmOptions, tmpfsOptions, workspacePaths } from './workspace.ts'

type Mount = {
  readonly destination: string
  readonly type: string
  readonly source: string
  readonly options: readonly string[]
}

/**
 * The sandbox as an OCI runtime configuration (runtime-spec config.md).
 * @param pidFile where PID 1 is written before the command runs, when there is a gate at which it waits
 */
export function runtimeConfig(sandbox: Sandbox, pidFile: string): unknown {
  const { process, hostname, network } = sandbox
  const capabilities = capabilitiesOf(process)
  const effective = process.user.uid === 0 || sandbox.privileged ? capabilities : []
  return {
    ociVersion: '1.0.2',
    hostname,
    root: { path: workspacePaths(sandbox.workspace).root, readonly: sandbox.readOnlyRoot ?? false },
    process: {
      terminal: false,
      args: process.argv,
      env: process.env,
      cwd: process.cwd,
      user: {
        uid: process.user.uid,
        gid: process.user.gid,
        additionalGids: process.user.groups,
        umask: 0o022,
      },
      capabilities: {
        ...{ bounding: capabilities, effective, permitted: effective },
        ...(sandbox.privileged ? { inheritable: capabilities, ambient: capabilities } : {}),
      },
      noNewPrivileges: false,
      rlimits: rlimits(process),
    },
    ...(sandbox.gate === undefined ? {} : { hooks: gateHook(sandbox.gate, pidFile) }),
    mounts: [...systemMounts(sandbox), ...ownMounts(sandbox)],
    linux: {
      namespaces: [
        ...['mount', 'pid', 'ipc', 'uts'].map((type) => ({ type })),
        // An own network is made around the runtime, because it needs an address.
        ...(network.kind === 'none' ? [{ type: 'network' }] : []),
      ],
      ...(sandbox.privileged
        ? { resources: { devices: [{ allow: true, access: 'rwm' }] } }
        : { maskedPaths, readonlyPaths: readOnlyPaths, seccomp: runtimeSeccomp(capabilities) }),
    },
  }
}

function rlimits(process: Sandbox['process']): unknown[] {
  // No limit is all ones, which a double cannot hold: runtimes take this for it.
  const value = (limit: number): number => (limit < 0 ? 2 ** 63 : limit)
  return ulimitsOf(process).map(({ name, soft, hard }) => ({
    type: `RLIMIT_${name.toUpperCase()}`,
    soft: value(soft),
    hard: value(hard),
  }))
}

/** The runtime waits for its hooks; this one says who PID 1 will be, and ends when a byte comes through the gate. */
function gateHook(gate: string, pidFile: string): unknown {
  const script = [
    `sed -n 's/.*"pid": *\\([0-9][0-9]*\\).*/\\1/p' > ${quote(`${pidFile}.new`)}`,
    `mv ${quote(`${pidFile}.new`)} ${quote(pidFile)}`,
    `read -r _ < ${quote(gate)}`,
  ].join('; ')
  const env = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin']
  return { createRuntime: [{ path: '/bin/sh', args: ['sh', '-c', script], env }] }
}

function systemMounts({ privileged = false, ...sandbox }: Sandbox): Mount[] {
  const strict = ['nosuid', 'noexec', 'nodev']
  const mount = (destination: string, type: string, options: readonly string[]): Mount => ({
    destination,
    type,
    source: type,
    options,
  })
  return [
    mount('/proc', 'proc', strict),
    mount('/dev', 'tmpfs', ['nosuid', 'mode=755', 'size=65536k']),
    mount('/dev/pts', 'devpts', [
      'nosuid',
      'noexec',
      'newinstance',
      'ptmxmode=0666',
      'mode=0620',
      'gid=5',
    ]),
    mount('/dev/shm', 'tmpfs', [...strict, ...shmOptions(sandbox)]),
    mount('/dev/mqueue', 'mqueue', strict),
    mount('/sys', 'sysfs', [...strict, ...(privileged ? [] : ['ro'])]),
  ]
}

function ownMounts(sandbox: Sandbox): Mount[] {
  return sandbox.mounts.map((mount, at): Mount => {
    const destination = mount.target
    if (mount.type === 'tmpfs') {
      const flags = ['nosuid', 'nodev', ...(mount.noExec ? ['noexec'] : [])]
      return {
        destination,
        type: 'tmpfs',
        source: 'tmpfs',
        options: [...flags, ...tmpfsOptions(mount).split(',')],
      }
    }
    const options = [
      mount.type === 'bind' && mount.recursive ? 'rbind' : 'bind',
      'rprivate',
      ...(mount.readOnly ? ['ro'] : []),
      ...(mount.type === 'file' ? ['nosuid', 'nodev'] : []),
    ]
    return { destination, type: 'bind', source: sourceOf(sandbox, at), options }
  })
}
