import { type Scope, withScope } from '../../../base/index.ts'
import type { Store } from '../../../store/index.ts'
import { type Exit, enterSandbox, type SandboxIo, type SandboxProcess } from '../sandbox/index.ts'

export type ExecResult = Exit & {
  /** Why the command could not be executed (exit code 126 or 127), else null. */
  readonly refusal: string | null
}

/** Runs a command beside PID 1 of a container, to its end. `onStart` gets the way to signal it. */
export function execInside(
  store: Store,
  inside: { readonly pid: number; readonly process: SandboxProcess },
  io: SandboxIo,
  onStart?: (kill: (signal: number) => boolean) => void,
): Promise<ExecResult> {
  return withScope(async (scope: Scope) => {
    const workspace = scope.add(store.workspace('exec'), (made) => made.remove())
    const running = await enterSandbox({ ...inside, workspace: workspace.dir }, io)
    onStart?.(running.kill)
    const exit = await running.ended
    io.signal?.throwIfAborted()
    return { ...exit, refusal: running.refusal }
  })
}
