import type { StepIo, StepRunner } from '../../build/index.ts'
import type { ContainerRunner } from '../../proof/index.ts'
import type { Store } from '../../store/index.ts'
import { embeddedContainerRunner } from './container-runner.ts'
import { type Containers, openContainers } from './containers/index.ts'
import { openIsolation, perlLauncher } from './sandbox/index.ts'
import { embeddedSteps } from './steps.ts'

export type EmbeddedOptions = {
  readonly store: Store
  /** Certificates for RUN, PEM bytes. */
  readonly ca?: Uint8Array | null
  /** Proxy variables for RUN, e.g. `{ https_proxy: 'http://…' }`. */
  readonly proxy?: Readonly<Record<string, string>>
  /** Command line of the process that owns a detached container; the container's ID is added to it. */
  readonly monitorCommand?: readonly string[]
}

export type EmbeddedEngine = {
  readonly steps: StepRunner
  readonly containers: Containers
  readonly proofRunner: ContainerRunner
}

/** The engine that needs no daemon. Nothing is started or probed before it is used. */
export function createEmbeddedEngine(options: EmbeddedOptions): EmbeddedEngine {
  const { store } = options
  const isolation = openIsolation([perlLauncher()])
  return {
    steps: embeddedSteps({
      store,
      isolation,
      ca: options.ca ?? null,
      proxy: options.proxy ?? {},
      onLaunch: noticeOnce(),
    }),
    containers: openContainers({ store, isolation, monitorCommand: options.monitorCommand ?? [] }),
    proofRunner: embeddedContainerRunner({ store, isolation }),
  }
}

function noticeOnce(): (
  launcher: { readonly name: string; readonly seccomp: boolean },
  io: StepIo,
) => void {
  const told = new Set<string>()
  return (launcher, io) => {
    if (launcher.seccomp || told.has(launcher.name)) return
    told.add(launcher.name)
    io.emit({
      kind: 'notice',
      level: 'warning',
      code: 'SECCOMP_NOT_APPLIED',
      message: `RUN is isolated by ${launcher.name}, without Docker's seccomp profile`,
    })
  }
}
