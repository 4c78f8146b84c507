import { existsSync } from 'node:fs'
import { Fault } from '../../../base/index.ts'
import { makePipes } from './fifos.ts'
import { kernelAtLeast } from './kernel.ts'
import type { Launcher } from './ladder.ts'
import { perlSandbox } from './perl.ts'
import { runtimeLauncher } from './runtime.ts'
import { joinNetwork } from './shell-script.ts'
import { refuseExtras, setupFailed, startLauncher } from './supervise.ts'
import { utilLinuxScript } from './util-linux-script.ts'

// bubblewrap is not in the list although it is quick: it always sets no_new_privs, so that sudo, ping and everything
// else that is setuid or carries file capabilities would fail in a RUN that works with Docker.

/** All launchers, the best first: fastest with seccomp, then slower with seccomp, then without. */
export function allLaunchers(): readonly Launcher[] {
  return [perlLauncher(), runtimeLauncher('runc'), runtimeLauncher('crun'), utilLinuxLauncher()]
}

/**
 * The launchers that `--isolation` allows: all of them for `auto`, else the one that is named.
 * @throws Fault ISOLATION_UNKNOWN
 */
export function launchersFor(wanted: string): readonly Launcher[] {
  const all = allLaunchers()
  const allowed = all.filter(({ name }) => wanted === 'auto' || name === wanted)
  if (allowed.length > 0) return allowed
  throw new Fault('ISOLATION_UNKNOWN', `unknown isolation ${JSON.stringify(wanted)}`, {
    kind: 'invalid',
    hint: `one of: auto, ${all.map(({ name }) => name).join(', ')}`,
  })
}

/** perl-base as the launcher: about 5 ms, everything that Docker applies. */
function perlLauncher(): Launcher {
  const perl = '/usr/bin/perl'
  return {
    name: 'perl',
    seccomp: true,
    obstacle: () => {
      if (process.getuid?.() !== 0) return 'not root'
      if (!existsSync(perl)) return `${perl} is missing`
      if (!kernelAtLeast(5, 2)) return 'the kernel is older than 5.2 (open_tree)'
      return process.arch === 'x64' || process.arch === 'arm64'
        ? null
        : `no system call table for ${process.arch}`
    },
    start: (sandbox, io) => {
      const command = perlSandbox(perl, sandbox, process.pid)
      if (!command) throw new Fault(setupFailed, `no system call table for ${process.arch}`)
      return startLauncher(command, io)
    },
  }
}

/** unshare, mount and setpriv: on every Debian, Ubuntu and Alpine; no seccomp filter. */
function utilLinuxLauncher(): Launcher {
  const setpriv = '/usr/bin/setpriv'
  return {
    name: 'util-linux',
    seccomp: false,
    obstacle: () => {
      if (process.getuid?.() !== 0) return 'not root'
      return existsSync(setpriv) && existsSync('/usr/bin/unshare') ? null : 'util-linux is missing'
    },
    start: (sandbox, io) => {
      refuseExtras(sandbox)
      const { network: net } = sandbox
      const network = net.kind === 'own' || net.kind === 'none' ? ['--net'] : []
      const spaces = ['--mount', '--pid', '--ipc', '--uts', '--cgroup', ...network]
      const shell = [existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh', '-c', 'eval "$(cat <&3)"']
      return startLauncher(
        {
          kind: 'bare',
          file: setpriv,
          args: [
            '--pdeathsig',
            'KILL',
            ...joinNetwork(net),
            'unshare',
            ...spaces,
            '--propagation',
            'private',
            '--fork',
            '--kill-child',
            ...shell,
          ],
          input: Buffer.from(utilLinuxScript(sandbox)),
          pipes: makePipes(sandbox.workspace, ['out', 'err']),
        },
        io,
      )
    },
  }
}
