import { capabilitiesOf } from './capabilities.ts'
import { maskedPaths, readOnlyPaths } from './paths.ts'
import { runtimeSeccomp } from './seccomp-names.ts'
import { sourceOf } from './shell-script.ts'
import type { Sandbox } from './types.ts'
import { tmpfsOptions, workspacePaths } from './workspace.ts'

type Mount = {
  readonly destination: string
  readonly type: string
  readonly source: string
  readonly options: readonly string[]
}

/** The sandbox as an OCI runtime configuration (runtime-spec config.md). */
export function runtimeConfig(sandbox: Sandbox): unknown {
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
      rlimits: [{ type: 'RLIMIT_CORE', soft: 0, hard: 0 }],
    },
    mounts: [...systemMounts(sandbox.privileged === true), ...ownMounts(sandbox)],
    linux: {
      namespaces: [
        ...['mount', 'pid', 'ipc', 'uts'].map((type) => ({ type })),
        // An own network is made around the runtime, because it needs an address.
        ...(network.kind === 'none' ? [{ type: 'network' }] : []),
      ],
      ...(sandbox.privileged
        ? { resources: { devices: [{ allow: true, access: 'rwm' }] } }
        : { maskedPaths, readonlyPaths: readOnlyPaths, seccomp: runtimeSeccomp() }),
    },
  }
}

function systemMounts(privileged: boolean): Mount[] {
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
    mount('/dev/shm', 'tmpfs', [...strict, 'mode=1777', 'size=65536k']),
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
