import {
  deviceLinks,
  devices,
  loopDevices,
  maskedPaths,
  privilegedDevices,
  readOnlyPaths,
} from './paths.ts'
import { buffer, int, kept, type Operation, sys, text } from './program.ts'
import type { Syscalls } from './syscalls.ts'
import type { Overlay, Sandbox, SandboxMount } from './types.ts'
import { overlayOptions, shmOptions, tmpfsOptions, workspacePaths } from './workspace.ts'

const mountFlag = {
  readOnly: 1,
  noSuid: 2,
  noDev: 4,
  noExec: 8,
  remount: 32,
  bind: 4096,
}
const cwdFd = int(-100)
const openTreeClone = 1 | 0x80000 // OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC
const recursive = 0x8000 // AT_RECURSIVE

/** Builds the root file system and moves into it; nothing of the host's tree stays reachable. */
export function enterRoot(nr: Syscalls, sandbox: Sandbox): Operation[] {
  return [
    ...mountRoot(nr, sandbox),
    ...openSources(nr, sandbox),
    ...pivot(nr, workspacePaths(sandbox.workspace).root),
    ...mountSystem(nr, sandbox),
    ...(sandbox.network.kind === 'own' ? tuneNetwork() : []),
    ...sandbox.mounts.flatMap((mount, at) => attach(nr, mount, at)),
    ...(sandbox.privileged ? [] : hide(nr)),
    ...(sandbox.readOnlyRoot ? freeze(nr, sandbox.process.cwd) : []),
  ]
}

function mountRoot(nr: Syscalls, sandbox: Sandbox): Operation[] {
  const paths = workspacePaths(sandbox.workspace)
  const stack = (overlay: Overlay, name: string, target: string): Operation[] => [
    sys('enter the workspace', nr.chdir, text(paths.links)),
    sys(
      `mount ${name}`,
      nr.mount,
      text('overlay'),
      text(target),
      text('overlay'),
      int(0),
      text(overlayOptions(overlay, name)),
    ),
  ]
  return [
    ...stack(sandbox.root, 'root', paths.root),
    ...sandbox.views.flatMap((view, at) => stack(view, `view${at}`, paths.view(at))),
  ]
}

/** Sources are opened before the root changes and attached after it, so that a target can only lie inside. */
function openSources(nr: Syscalls, sandbox: Sandbox): Operation[] {
  const paths = workspacePaths(sandbox.workspace)
  const hasFiles = sandbox.mounts.some((mount) => mount.type === 'file')
  const tmpfs = sys(
    'mount private files',
    nr.mount,
    text('tmpfs'),
    text(paths.files),
    text('tmpfs'),
    // Not noexec: the body of `RUN <<EOF` with a shebang is such a file.
    int(mountFlag.noSuid | mountFlag.noDev),
    text('mode=0700'),
  )
  const open = (at: number, path: string, flags = 0): Operation => [
    'let',
    `source${at}`,
    `open ${path}`,
    String(nr.open_tree),
    cwdFd,
    text(path),
    int(openTreeClone | flags),
  ]
  return [
    ...(hasFiles ? [tmpfs] : []),
    ...sandbox.mounts.flatMap((mount, at): Operation[] => {
      if (mount.type === 'tmpfs') return []
      if (mount.type === 'bind') {
        const { source } = mount
        const path = typeof source === 'string' ? source : paths.view(source.view) + source.path
        return [open(at, path, mount.recursive ? recursive : 0)]
      }
      const path = `${paths.files}/${at}`
      return [
        ['write', path, String(mount.mode), String(mount.uid), String(mount.gid), mount.bytes],
        open(at, path),
      ]
    }),
  ]
}

function pivot(nr: Syscalls, root: string): Operation[] {
  const here = text('.')
  return [
    sys('enter the root', nr.chdir, text(root)),
    sys('change the root', nr.pivot_root, here, here),
    sys('leave the old root', nr.umount2, here, int(2)),
    sys('enter the new root', nr.chdir, text('/')),
  ]
}

function mountSystem(nr: Syscalls, { privileged = false, ...sandbox }: Sandbox): Operation[] {
  const { readOnly, noSuid, noDev, noExec } = mountFlag
  const strict = noSuid | noDev | noExec
  const mount = (type: string, target: string, flags: number, options = ''): Operation =>
    sys(
      `mount ${target}`,
      nr.mount,
      text(type),
      text(target),
      text(type),
      int(flags),
      text(options),
    )
  return [
    ...['/proc', '/sys', '/dev'].map((path): Operation => ['dir', path]),
    mount('proc', '/proc', strict),
    mount('sysfs', '/sys', privileged ? strict : strict | readOnly),
    mount('tmpfs', '/dev', noSuid, 'mode=755,size=65536k'),
    ...devices.map(([name, major, minor]) => node(nr, name, 0o20666, major, minor)),
    ...(privileged ? moreDevices(nr) : []),
    ...deviceLinks.map(([name, to]): Operation => ['link', to, `/dev/${name}`]),
    ...['pts', 'shm', 'mqueue'].map((name): Operation => ['dir', `/dev/${name}`]),
    mount('devpts', '/dev/pts', noSuid | noExec, 'newinstance,ptmxmode=0666,mode=0620,gid=5'),
    mount('tmpfs', '/dev/shm', strict, shmOptions(sandbox).join(',')),
    mount('mqueue', '/dev/mqueue', strict),
  ]
}

function node(nr: Syscalls, name: string, mode: number, major: number, minor: number): Operation {
  const path = text(`/dev/${name}`)
  return sys(`make /dev/${name}`, nr.mknodat, cwdFd, path, int(mode), int(major * 256 + minor))
}

function moreDevices(nr: Syscalls): Operation[] {
  const { major, count } = loopDevices
  return [
    ['dir', '/dev/net'],
    ...privilegedDevices.map(([name, ...numbers]) => node(nr, name, 0o20666, ...numbers)),
    ...Array.from({ length: count }, (_, at) => node(nr, `loop${at}`, 0o60660, major, at)),
  ]
}

/** As Docker since 20.10: in a network of its own anybody may bind any port and send pings. */
function tuneNetwork(): Operation[] {
  return [
    ['put', '/proc/sys/net/ipv4/ip_unprivileged_port_start', '0'],
    ['put', '/proc/sys/net/ipv4/ping_group_range', '0 2147483647'],
  ]
}

function attach(nr: Syscalls, mount: SandboxMount, at: number): Operation[] {
  const what = `step mount ${mount.target}`
  if (mount.type === 'tmpfs') {
    const options = tmpfsOptions(mount)
    const flags = int(mountFlag.noSuid | mountFlag.noDev | (mount.noExec ? mountFlag.noExec : 0))
    return [
      ['dir', mount.target],
      sys(what, nr.mount, text('tmpfs'), text(mount.target), text('tmpfs'), flags, text(options)),
    ]
  }
  const file = mount.type === 'file' || mount.kind === 'file'
  const parent = mount.target.slice(0, mount.target.lastIndexOf('/'))
  const fromFd = [kept(`source${at}`), text(''), cwdFd, text(mount.target), int(4)] as const
  const inFlags = mount.type === 'file' ? mountFlag.noSuid | mountFlag.noDev : 0
  const protect = int(mountFlag.remount | mountFlag.bind | mountFlag.readOnly | inFlags)
  const below = mount.type === 'bind' && mount.recursive
  return [
    ...(file
      ? [['dir', parent] as const, ['file', mount.target] as const]
      : [['dir', mount.target] as const]),
    sys(what, nr.move_mount, ...fromFd),
    ...(mount.readOnly
      ? [
          sys(
            `step protect ${mount.target}`,
            nr.mount,
            text('none'),
            text(mount.target),
            text('none'),
            protect,
            int(0),
          ),
          ...(below ? [protectBelow(nr, mount.target)] : []),
        ]
      : []),
  ]
}

/** mount_setattr(2) for the whole tree; a kernel before 5.12 protects the topmost mount only, as Docker did for years. */
function protectBelow(nr: Syscalls, target: string): Operation {
  const attributes = Buffer.alloc(32)
  attributes.writeUInt8(1) // MOUNT_ATTR_RDONLY
  const size = int(attributes.length)
  const all = int(recursive)
  return ['try', String(nr.mount_setattr), cwdFd, text(target), all, buffer('s', attributes), size]
}

/** The working directory is made while it still can be. */
function freeze(nr: Syscalls, cwd: string): Operation[] {
  const flags = int(mountFlag.remount | mountFlag.bind | mountFlag.readOnly)
  const none = text('none')
  return [['dir', cwd], sys('protect the root', nr.mount, none, text('/'), none, flags, int(0))]
}

function hide(nr: Syscalls): Operation[] {
  return [
    ...readOnlyPaths.map((path): Operation => ['readonly', String(nr.mount), path]),
    ...maskedPaths.map((path): Operation => ['mask', String(nr.mount), path]),
  ]
}
