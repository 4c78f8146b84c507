import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../../base/index.ts'
import type { Store } from '../../../store/index.ts'
import { isAlive } from './identity.ts'
import type { Records } from './records.ts'
import { signalNumber } from './signals.ts'
import type { ContainerInfo, ContainerState } from './types.ts'
import { removeAnonymousVolumes } from './volumes.ts'

const pollMs = 20

export type StopOptions = {
  /** Seconds until SIGKILL; the default is the container's own, else Docker's 10. */
  readonly timeoutS?: number
  /** Instead of the container's own stop signal. */
  readonly stopSignal?: string
  readonly signal?: AbortSignal
}

/** Asks PID 1 to end, then kills it. One that has ended already is left alone. */
export async function stopContainer(
  records: Records,
  info: ContainerInfo,
  options: StopOptions,
): Promise<void> {
  if (info.state.status !== 'running') return
  const { spec, state } = info
  sendSignal(state, signalNumber(options.stopSignal ?? spec.stopSignal))
  if (
    await hasEnded(
      records,
      spec.id,
      (options.timeoutS ?? spec.stopTimeoutS ?? 10) * 1000,
      options.signal,
    )
  )
    return
  sendSignal(state, signalNumber('SIGKILL'))
  await hasEnded(records, spec.id, Number.POSITIVE_INFINITY, options.signal)
}

export type RemoveOptions = {
  readonly force: boolean
  /** Also the volumes that are its own. */
  readonly volumes?: boolean
  readonly signal?: AbortSignal
}

/**
 * Removes a container and what it wrote.
 * @throws Fault CONTAINER_RUNNING unless `force`
 */
export async function removeContainer(
  store: Store,
  records: Records,
  info: ContainerInfo,
  { force, volumes, signal }: RemoveOptions,
): Promise<void> {
  if (info.state.status !== 'exited') {
    if (!force)
      throw new Fault('CONTAINER_RUNNING', `container ${info.spec.name} is running`, {
        hint: `stop it first (stop ${info.spec.name}), or remove it with --force`,
      })
    if (info.state.status === 'running') sendSignal(info.state, signalNumber('SIGKILL'))
    await hasEnded(records, info.spec.id, Number.POSITIVE_INFINITY, signal)
  }
  records.remove(info)
  if (volumes) removeAnonymousVolumes(store, info.spec, records.list())
}

/** Docker's exit code, 137 for one whose record went with it (`--rm`). */
export async function waitForEnd(
  records: Records,
  { spec }: ContainerInfo,
  signal?: AbortSignal,
): Promise<number> {
  await hasEnded(records, spec.id, Number.POSITIVE_INFINITY, signal)
  const state = records.read(spec.id)?.state
  return state?.status === 'exited' ? state.exitCode : 137
}

/** @throws Fault CONTAINER_NOT_RUNNING */
export function runningState(info: ContainerInfo): Extract<ContainerState, { status: 'running' }> {
  if (info.state.status === 'running' && isAlive(info.state.process)) return info.state
  throw new Fault('CONTAINER_NOT_RUNNING', `container ${info.spec.name} is not running`)
}

export function sendSignal(
  state: Extract<ContainerState, { status: 'running' }>,
  signal: number,
): void {
  if (!isAlive(state.process)) return
  try {
    process.kill(state.process.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Waits for the owner's last word, or for the record to go (`--rm`). */
async function hasEnded(
  records: Records,
  id: string,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for (let waited = 0; ; waited += pollMs) {
    const state = records.read(id)?.state
    if (!state || state.status === 'exited') return true
    if (waited >= ms) return false
    await sleep(pollMs, undefined, { signal })
  }
}
