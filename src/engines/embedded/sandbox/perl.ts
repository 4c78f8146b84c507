import { enterRoot } from './perl-root.ts'
import { perlLoader, perlStage1, perlStage2 } from './perl-script.ts'
import { becomeUser, takeTerminal } from './perl-user.ts'
import { encodeProgram, int, kept, type Operation, sys, text } from './program.ts'
import { dockerSeccomp } from './seccomp.ts'
import type { LaunchCommand } from './supervise.ts'
import { type Syscalls, syscallsOf } from './syscalls.ts'
import type { Sandbox } from './types.ts'
import { workspacePaths } from './workspace.ts'

const namespaceFlag = {
  cgroup: 0x02000000,
  uts: 0x04000000,
  ipc: 0x08000000,
  pid: 0x20000000,
  net: 0x40000000,
}

/** @returns undefined on an architecture whose system calls are not known */
export function perlSandbox(
  perl: string,
  sandbox: Sandbox,
  parent: number,
): LaunchCommand | undefined {
  const nr = syscallsOf(process.arch)
  const seccomp = dockerSeccomp(process.arch, sandbox.process.capabilities)
  if (!nr || !seccomp) return undefined
  return perlCommand(nr, perl, sandbox.workspace, [
    ...enterNamespaces(nr, sandbox, parent),
    ...enterRoot(nr, sandbox),
    ...(sandbox.atRoot ? [['meet'] as const] : []),
    ...takeTerminal(nr, sandbox.process, ''),
    ...becomeUser(nr, sandbox.process, sandbox.privileged ? null : seccomp),
  ])
}

/** `workspace` holds the file that the launcher's read-only copy is bound to. */
export function perlCommand(
  nr: Syscalls,
  perl: string,
  workspace: string,
  operations: readonly Operation[],
): LaunchCommand {
  const { launcher } = workspacePaths(workspace)
  const script = Buffer.from(perlStage2)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(script.length)
  return {
    kind: 'supervisor',
    file: perl,
    args: ['-e', perlStage1, String(nr.unshare), String(nr.mount), perl, launcher, perlLoader],
    input: Buffer.concat([length, script, encodeProgram(operations)]),
  }
}

function enterNamespaces(nr: Syscalls, sandbox: Sandbox, parent: number): Operation[] {
  const { pid, ipc, uts, cgroup, net } = namespaceFlag
  const { network } = sandbox
  const own = network.kind === 'own' || network.kind === 'none'
  const address = network.kind === 'own' ? network.address : ''
  return [
    ...(network.kind === 'join' ? joinNetwork(nr, network.pid) : []),
    sys('unshare namespaces', nr.unshare, int(pid | ipc | uts | (own ? net : 0))),
    ['try', String(nr.unshare), int(cgroup)],
    ['fork', sandbox.process.terminal ? String(nr.recvmsg) : '', String(nr.prctl), String(parent)],
    sys('start a session', nr.setsid),
    sys('set the host name', nr.sethostname, text(sandbox.hostname), int(sandbox.hostname.length)),
    ...(own ? [['up', address] as const] : []),
    ...(sandbox.gate === undefined ? [] : [['gate', sandbox.gate] as const]),
    ...(sandbox.atRoot ? [['hold', sandbox.atRoot.ready, sandbox.atRoot.go] as const] : []),
    ['umask', '0'],
  ]
}

/** Before the fork, so that what is mounted later belongs to that network. */
function joinNetwork(nr: Syscalls, pid: number): Operation[] {
  const path = text(`/proc/${pid}/ns/net`)
  const readOnlyCloseOnExec = int(0x80000)
  return [
    ['let', 'net', 'open the network', String(nr.openat), int(-100), path, readOnlyCloseOnExec],
    sys('join the network', nr.setns, kept('net'), int(namespaceFlag.net)),
  ]
}
