import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../../base/index.ts'
import type { Records } from './records.ts'
import type { ContainerSpec, ContainerState } from './types.ts'

const pollMs = 10

/**
 * Hands a created container to a process of its own, which survives this one: `monitorCommand` with the ID added. The
 * command must call `Containers.monitor` with that ID.
 * @throws Fault CONTAINER_NOT_STARTED with what kept it from running; MONITOR_UNAVAILABLE
 */
export async function startDetached(
  records: Records,
  spec: ContainerSpec,
  monitorCommand: readonly string[],
  signal?: AbortSignal,
): Promise<Extract<ContainerState, { status: 'running' | 'exited' }>> {
  const [file, ...args] = monitorCommand
  if (file === undefined)
    throw new Fault('MONITOR_UNAVAILABLE', 'containers cannot be detached: no monitor command', {
      kind: 'internal',
    })
  const monitor = spawn(file, [...args, spec.id], { detached: true, stdio: 'ignore', cwd: '/' })
  let gone = false
  monitor.once('exit', () => {
    gone = true
  })
  monitor.once('error', () => {
    gone = true
  })
  monitor.unref()
  for (;;) {
    // Asked before reading: a monitor that is gone has written its last word.
    const last = gone
    const state = records.read(spec.id)?.state
    if (state?.status === 'running') return state
    if (state?.status === 'exited' && !state.error) return state
    if (state?.status === 'exited' && state.error)
      throw new Fault(state.error.code, state.error.message)
    if (last || !state) throw lost(spec)
    await sleep(pollMs, undefined, { signal })
  }
}

function lost(spec: ContainerSpec): Fault {
  if (spec.removeOnExit)
    return new Fault('CONTAINER_NOT_STARTED', 'the container ended at once and was removed', {
      hint: 'leave out --rm to be able to read its logs',
    })
  return new Fault('CONTAINER_NOT_STARTED', 'the monitor of the container ended before it began')
}
