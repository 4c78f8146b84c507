import { type EventSink, silent, withScope } from '../../base/index.ts'
import type { StepIo, StepRunner } from '../../build/index.ts'
import type { ContainerRunner } from '../../proof/index.ts'
import type { Store } from '../../store/index.ts'
import { embeddedContainerRunner } from './container-runner.ts'
import { type Containers, openContainers } from './containers/index.ts'
import {
  type IsolationProbe,
  type Launcher,
  launchersFor,
  openIsolation,
  probeIsolation,
} from './sandbox/index.ts'
import { embeddedSteps } from './steps.ts'

export type EmbeddedOptions = {
  readonly store: Store
  /** `--isolation`: `auto` (the default, the best launcher that works), `perl`, `runc`, `crun` or `util-linux`. */
  readonly isolation?: string
  /** Certificates for RUN, PEM bytes. */
  readonly ca?: Uint8Array | null
  /** Proxy variables for RUN, e.g. `{ https_proxy: 'http://…' }`. */
  readonly proxy?: Readonly<Record<string, string>>
  /** Command line of the process that owns a detached container; the container's ID is added to it. */
  readonly monitorCommand?: readonly string[]
  /** `PATH`: where the programs that connect containers (pasta, slirp4netns) are looked for; none without it. */
  readonly searchPath?: string
  /** Where devices for `RUN --device` are described; default: the two folders of the CDI specification. */
  readonly deviceFolders?: readonly string[]
  /** Hears what containers have to say besides their output. */
  readonly emit?: EventSink
}

export type EmbeddedEngine = {
  readonly steps: StepRunner
  readonly containers: Containers
  readonly proofRunner: ContainerRunner
  /** Tries every launcher on this machine, for `doctor`. */
  readonly probeIsolation: () => Promise<readonly IsolationProbe[]>
}

/**
 * The engine that needs no daemon. Nothing is started or probed before it is used.
 * @throws Fault ISOLATION_UNKNOWN
 */
export function createEmbeddedEngine(options: EmbeddedOptions): EmbeddedEngine {
  const { store } = options
  const isolation = openIsolation(launchersFor(options.isolation ?? 'auto'))
  return {
    steps: embeddedSteps({
      store,
      isolation,
      ca: options.ca ?? null,
      proxy: options.proxy ?? {},
      ...(options.deviceFolders ? { deviceFolders: options.deviceFolders } : {}),
      onLaunch: noticeOnce(),
    }),
    containers: openContainers({
      store,
      isolation,
      monitorCommand: options.monitorCommand ?? [],
      searchPath: options.searchPath ?? '',
      emit: options.emit ?? silent,
    }),
    proofRunner: embeddedContainerRunner({ store, isolation }),
    probeIsolation: () =>
      withScope((scope) => {
        const { dir } = scope.add(store.workspace('probe'), (made) => made.remove())
        return probeIsolation(dir)
      }),
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
