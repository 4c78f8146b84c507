import { Fault, isFault } from '../../../base/index.ts'
import { type RunningSandbox, type SandboxIo, setupFailed } from './supervise.ts'
import type { Sandbox } from './types.ts'
import { clearWorkDirectories, prepareWorkspace } from './workspace.ts'

export type IsolationName = 'perl' | 'runc' | 'crun' | 'util-linux'

/** One way to put a command into a sandbox. Cheap to ask: nothing is started before `start`. */
export type Launcher = {
  readonly name: IsolationName
  /** Whether it applies Docker's default seccomp profile. */
  readonly seccomp: boolean
  /** Why it cannot work here, null when it seems usable. */
  readonly obstacle: () => string | null
  /** @throws Fault SANDBOX_SETUP_FAILED when the sandbox cannot be made; nothing is left of it then */
  readonly start: (sandbox: Sandbox, io: SandboxIo) => Promise<RunningSandbox>
}

export type Isolation = {
  /** Starts the command with the first launcher that works. */
  readonly start: (
    sandbox: Sandbox,
    io: SandboxIo,
  ) => Promise<RunningSandbox & { readonly launcher: Launcher }>
}

/**
 * Tries launchers in order and stays with the first that works. Once one has worked, a failure is the sandbox's own
 * (a mount over the wrong kind of file, say) and not a reason to try the next.
 * @throws Fault ISOLATION_UNAVAILABLE when none can start the sandbox, with what each of them said;
 * SANDBOX_SETUP_FAILED, RUN_SETUP_FAILED
 */
export function openIsolation(launchers: readonly Launcher[]): Isolation {
  let chosen: Launcher | undefined
  return {
    start: async (sandbox, io) => {
      prepareWorkspace(sandbox)
      const reasons = new Map<IsolationName, string>()
      for (const launcher of chosen ? [chosen] : launchers) {
        const obstacle = launcher.obstacle()
        if (obstacle !== null) {
          reasons.set(launcher.name, obstacle)
          continue
        }
        try {
          const running = await launcher.start(sandbox, io)
          chosen = launcher
          return { ...running, launcher }
        } catch (error) {
          if (chosen || !isFault(error) || error.code !== setupFailed) throw error
          reasons.set(launcher.name, error.message)
          clearWorkDirectories(sandbox)
        }
      }
      throw unavailable(reasons)
    },
  }
}

function unavailable(reasons: ReadonlyMap<IsolationName, string>): Fault {
  const list = [...reasons].map(([name, reason]) => `${name}: ${reason}`).join('; ')
  return new Fault('ISOLATION_UNAVAILABLE', `no way to isolate a command works here (${list})`, {
    hint: 'run as root on Linux with perl-base, runc or util-linux; `jettison doctor` says what is missing',
  })
}
