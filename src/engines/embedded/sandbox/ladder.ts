import { existsSync } from 'node:fs'
import { release } from 'node:os'
import { Fault, isFault } from '../../../base/index.ts'
import { perlSandbox } from './perl.ts'
import {
  type LaunchCommand,
  type RunningSandbox,
  type SandboxIo,
  setupFailed,
  startLauncher,
} from './supervise.ts'
import type { Sandbox } from './types.ts'
import { prepareWorkspace } from './workspace.ts'

export type IsolationName = 'perl' | 'runc' | 'crun' | 'util-linux'

/** One way to put a command into a sandbox. Cheap to ask: nothing is started before `start`. */
export type Launcher = {
  readonly name: IsolationName
  /** Whether it applies Docker's default seccomp profile. */
  readonly seccomp: boolean
  /** Why it cannot work here, null when it seems usable. */
  readonly obstacle: () => string | null
  readonly start: (sandbox: Sandbox, io: SandboxIo) => Promise<RunningSandbox>
}

// bubblewrap is not in the list although it is quick: it always sets no_new_privs, so that sudo, ping and everything
// else that is setuid or carries file capabilities would fail in a RUN that works with Docker.

export type Isolation = {
  /** Starts the command with the first launcher that works; remembers which one did. */
  readonly start: (
    sandbox: Sandbox,
    io: SandboxIo,
  ) => Promise<RunningSandbox & { readonly launcher: Launcher }>
}

export function perlLauncher(): Launcher {
  const perl = '/usr/bin/perl'
  return {
    name: 'perl',
    seccomp: true,
    obstacle: () => {
      if (!existsSync(perl)) return `${perl} is missing`
      if (!kernelAtLeast(5, 2)) return 'the kernel is older than 5.2 (open_tree)'
      return process.arch === 'x64' || process.arch === 'arm64'
        ? null
        : `no system call table for ${process.arch}`
    },
    start: (sandbox, io) => {
      const command: LaunchCommand | undefined = perlSandbox(perl, sandbox, process.pid)
      if (!command) throw new Fault(setupFailed, `no system call table for ${process.arch}`)
      return startLauncher(command, io)
    },
  }
}

/** @throws Fault ISOLATION_UNAVAILABLE when no launcher can start the sandbox, naming what each of them said */
export function openIsolation(launchers: readonly Launcher[]): Isolation {
  const dead = new Map<IsolationName, string>()
  return {
    start: async (sandbox, io) => {
      prepareWorkspace(sandbox)
      for (const launcher of launchers) {
        const obstacle = dead.get(launcher.name) ?? launcher.obstacle()
        if (obstacle !== null) {
          dead.set(launcher.name, obstacle)
          continue
        }
        try {
          return { ...(await launcher.start(sandbox, io)), launcher }
        } catch (error) {
          if (!isFault(error) || error.code !== setupFailed) throw error
          dead.set(launcher.name, error.message)
        }
      }
      throw unavailable(dead)
    },
  }
}

function unavailable(reasons: ReadonlyMap<IsolationName, string>): Fault {
  const list = [...reasons].map(([name, reason]) => `${name}: ${reason}`).join('; ')
  return new Fault('ISOLATION_UNAVAILABLE', `no way to isolate a command works here (${list})`, {
    hint: 'run as root on Linux with perl-base, runc or util-linux; `jettison doctor` says what is missing',
  })
}

export function kernelAtLeast(major: number, minor: number): boolean {
  const [a = 0, b = 0] = release()
    .split('.')
    .map((part) => Number.parseInt(part, 10))
  return a > major || (a === major && b >= minor)
}
