import { perlCommand } from './perl.ts'
import { becomeUser, takeTerminal } from './perl-user.ts'
import { int, kept, type Operation, sys, text } from './program.ts'
import { dockerSeccomp } from './seccomp.ts'
import type { LaunchCommand } from './supervise.ts'
import { type Syscalls, syscallsOf } from './syscalls.ts'
import type { SandboxProcess } from './types.ts'

const namespaces = ['cgroup', 'ipc', 'uts', 'net', 'pid', 'mnt']

/**
 * A command beside PID 1 of a running sandbox: the same namespaces, capabilities and seccomp filter.
 * @param pid PID 1 of the sandbox as the host numbers it
 * @returns undefined on an architecture whose system calls are not known
 */
export function perlEnter(
  perl: string,
  enter: { readonly pid: number; readonly workspace: string; readonly process: SandboxProcess },
  parent: number,
): LaunchCommand | undefined {
  const nr = syscallsOf(process.arch)
  const seccomp = dockerSeccomp(process.arch, enter.process.capabilities)
  if (!nr || !seccomp) return undefined
  return perlCommand(nr, perl, enter.workspace, [
    ...joinNamespaces(nr, enter.pid),
    [
      'fork',
      enter.process.terminal ? String(nr.recvmsg) : '',
      String(nr.prctl),
      String(parent),
      'guest',
    ],
    sys('start a session', nr.setsid),
    ...takeTerminal(nr, enter.process, 'guest'),
    ...becomeUser(nr, enter.process, seccomp),
  ])
}

/** All are opened first: after the first setns the host's /proc may be out of reach. */
function joinNamespaces(nr: Syscalls, pid: number): Operation[] {
  const readOnlyCloseOnExec = int(0x80000)
  return [
    ...namespaces.map(
      (name): Operation => [
        'let',
        name,
        `open the ${name} namespace`,
        String(nr.openat),
        int(-100),
        text(`/proc/${pid}/ns/${name}`),
        readOnlyCloseOnExec,
      ],
    ),
    ...namespaces.map((name) => sys(`join the ${name} namespace`, nr.setns, kept(name), int(0))),
    sys('enter the root', nr.chdir, text('/')),
  ]
}
