import type { Ulimit } from '../../../build/index.ts'
import { capabilitiesOf, capabilityMask, lastCapability } from './capabilities.ts'
import { buffer, int, type Operation, sys, text } from './program.ts'
import type { Syscalls } from './syscalls.ts'
import type { SandboxProcess } from './types.ts'
import { ulimitNames, ulimitsOf } from './ulimits.ts'
import { candidatePaths } from './workspace.ts'

/**
 * Capabilities, seccomp, ids, then exec. The filter is installed while CAP_SYS_ADMIN is still there: without it the
 * kernel would ask for no_new_privs, which breaks sudo and every other setuid program in a RUN.
 */
export function becomeUser(
  nr: Syscalls,
  process: SandboxProcess,
  /** null installs no filter, and leaves the capabilities to every user: a privileged sandbox. */
  seccomp: Uint8Array | null,
): Operation[] {
  const { uid, gid, groups } = process.user
  const groupList = Buffer.alloc(groups.length * 4)
  for (const [at, group] of groups.entries()) groupList.writeUInt32LE(group, at * 4)
  const paths = candidatePaths(process)
  const mask = capabilityMask(capabilitiesOf(process))
  return [
    ['umask', String(0o022)],
    ['dir', process.cwd],
    ['try', String(nr.keyctl), int(1), int(0)],
    ...ulimitsOf(process).map((limit) => limited(nr, limit)),
    ['try', String(nr.prctl), int(47), int(4), int(0), int(0), int(0)],
    ...droppedCapabilities(mask).map(
      (bit): Operation => ['try', String(nr.prctl), int(24), int(bit), int(0), int(0), int(0)],
    ),
    ...(seccomp
      ? [sys('install the seccomp filter', nr.prctl, int(22), int(2), buffer('f', seccomp))]
      : [sys('keep capabilities', nr.prctl, int(8), int(1), int(0), int(0), int(0))]),
    sys('set groups', nr.setgroups, int(groups.length), buffer('s', groupList)),
    sys('set the group', nr.setresgid, int(gid), int(gid), int(gid)),
    sys(`step enter ${process.cwd}`, nr.chdir, text(process.cwd)),
    ...(process.terminal || uid === 0
      ? []
      : [1, 2].map((fd) => sys('hand over the output', nr.fchown, int(fd), int(uid), int(-1)))),
    sys('set the user', nr.setresuid, int(uid), int(uid), int(uid)),
    sys(
      'set capabilities',
      nr.capset,
      buffer('s', capabilityHeader()),
      buffer('s', seccomp ? capabilityData(uid === 0 ? mask : 0n, 0n) : capabilityData(mask, mask)),
    ),
    ...(seccomp ? [] : raisedCapabilities(nr, mask)),
    ['try', String(nr.prctl), int(1), int(9), int(0), int(0), int(0)],
    ['try', String(nr.close_range), int(3), int(0xffffffff), int(4)],
    ...(process.init ? [['init', process.terminal ? '1' : ''] as const] : []),
    [
      'exec',
      String(nr.execve),
      String(paths.length),
      String(process.argv.length),
      ...paths,
      ...process.argv,
      ...process.env,
    ],
  ]
}

/** `struct rlimit64`: soft, hard; all ones is no limit. */
function limited(nr: Syscalls, { name, soft, hard }: Ulimit): Operation {
  const data = Buffer.alloc(16)
  for (const [at, value] of [soft, hard].entries())
    data.writeBigUInt64LE(value < 0 ? 0xffffffffffffffffn : BigInt(value), at * 8)
  const number = ulimitNames.indexOf(name)
  return sys(`limit ${name}`, nr.prlimit64, int(0), int(number), buffer('s', data), int(0))
}

/** A pseudo-terminal as stdin, stdout and stderr, and as the session's own. Asks for the root and for all rights. */
export function takeTerminal(
  nr: Syscalls,
  { terminal, user }: SandboxProcess,
  guest: 'guest' | '',
): Operation[] {
  return terminal ? [['tty', String(nr.mount), String(nr.sendmsg), String(user.uid), guest]] : []
}

function droppedCapabilities(keep: bigint): number[] {
  return Array.from({ length: lastCapability + 1 }, (_, bit) => bit).filter(
    (bit) => ((keep >> BigInt(bit)) & 1n) === 0n,
  )
}

function capabilityHeader(): Uint8Array {
  const header = Buffer.alloc(8)
  header.writeUInt32LE(0x20080522) // _LINUX_CAPABILITY_VERSION_3
  return header
}

/** Effective, permitted, inheritable for bits 0–31, then for 32–63. */
function capabilityData(mask: bigint, inheritable: bigint): Uint8Array {
  const data = Buffer.alloc(24)
  for (const [at, shift] of [0n, 32n].entries()) {
    const [word, inherited] = [mask, inheritable].map((set) => Number((set >> shift) & 0xffffffffn))
    data.writeUInt32LE(word ?? 0, at * 12)
    data.writeUInt32LE(word ?? 0, at * 12 + 4)
    data.writeUInt32LE(inherited ?? 0, at * 12 + 8)
  }
  return data
}

/** PR_CAP_AMBIENT_RAISE: a user who is not root has them through the exec. */
function raisedCapabilities(nr: Syscalls, mask: bigint): Operation[] {
  const bits = Array.from({ length: lastCapability + 1 }, (_, bit) => bit)
  return bits
    .filter((bit) => ((mask >> BigInt(bit)) & 1n) === 1n)
    .map((bit) => ['try', String(nr.prctl), int(47), int(2), int(bit), int(0), int(0)])
}
