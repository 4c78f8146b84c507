import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { EventSink, Scope } from '../../../base/index.ts'
import { type OutboundProgram, openOutbound, outboundNetwork } from '../netns/index.ts'
import { makeFifo, type SandboxNetwork } from '../sandbox/index.ts'

/** The address of every container with a network of its own: each is alone in its namespace. */
export const ownAddress = '172.30.0.2'

/** How a container is connected, in terms of its sandbox. */
export type ContainerNetwork = {
  readonly network: SandboxNetwork
  /** Its name server, null for the host's own list. */
  readonly resolver: string | null
  /** Opens the way out of a process's network. */
  readonly open: (pid: number) => Promise<void>
}

/** A network of its own has a way out when there is a program to give it; the container runs without it too. */
export function containerNetwork(
  kind: 'own' | 'host' | 'none',
  program: OutboundProgram | undefined,
  scope: Scope,
  emit: EventSink,
): ContainerNetwork {
  if (kind !== 'own') return { network: { kind }, resolver: null, open: async () => {} }
  return {
    network: { kind, address: ownAddress },
    resolver: program ? outboundNetwork.resolver : null,
    open: async (pid) => {
      if (!program) return
      const opened = await openOutbound(program, pid)
      if (typeof opened === 'string') emit(failed(opened))
      else scope.add(opened, (open) => open.close())
    },
  }
}

export type Gate = {
  readonly path: string
  /** Lets PID 1 go on. */
  readonly open: () => void
}

/** What is to be done to a new container from outside is done while it waits here. */
export function makeGate(dir: string, scope: Scope): Gate {
  const path = join(dir, 'gate')
  makeFifo(path)
  // Read and write: opening for writing alone would wait for the reader.
  const fd = scope.add(openSync(path, constants.O_RDWR), closeSync)
  return { path, open: () => void writeSync(fd, '\n') }
}

function failed(said: string): Parameters<EventSink>[0] {
  const message = `the container reaches no other machine (${said})`
  return { kind: 'notice', level: 'warning', code: 'OUTBOUND_FAILED', message }
}

/** Said once where nothing can carry a container's packets: it stays alone, the host's network is not its own. */
export const isolatedNotice: Parameters<EventSink>[0] = {
  kind: 'notice',
  level: 'info',
  code: 'NETWORK_ISOLATED',
  message:
    "the container reaches no other machine: install passt (pasta) or slirp4netns for a way out, or share the host's network with --network host",
}
