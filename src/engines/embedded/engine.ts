import type { StepIo, StepRunner } from '../../build/index.ts'
import type { ContainerRunner } from '../../proof/index.ts'
import type { Store } from '../../store/index.ts'
import { embeddedContainerRunner } from './container-runner.ts'
import { type Containers, openContainers } from './containers/index.ts'
import { type IsolationName, type Launcher, launchersFor, openIsolation } from './sandbox/index.ts'
import { embeddedSteps } from './steps.ts'

export type EmbeddedOptions = {
  readonly store: Store
  /** `--isolation`; by default the best launcher that works. */
  readonly isolation?: 'auto' | IsolationName
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
  const isolation = openIsolation(launchersFor(options.isolation ?? 'auto'))
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

/** Says once which launcher it was and whether the filter was applied. */
function noticeOnce(): (launcher: Launcher, io: StepIo) => void {
  const told = new Set<string>()
  return ({ name, seccomp }, io) => {
    if (told.has(name)) return
    told.add(name)
    io.emit({
      kind: 'notice',
      level: seccomp ? 'info' : 'warning',
      code: seccomp ? 'ISOLATION' : 'SECCOMP_NOT_APPLIED',
      message: `RUN is isolated by ${name}, ${seccomp ? 'with' : 'without'} Docker's seccomp profile`,
    })
  }
}
