import type { StepIo, StepRunner } from '../../build/index.ts'
import type { Store } from '../../store/index.ts'
import { openIsolation, perlLauncher } from './sandbox/index.ts'
import { embeddedSteps } from './steps.ts'

export type EmbeddedOptions = {
  readonly store: Store
  /** Certificates for RUN, PEM bytes. */
  readonly ca?: Uint8Array | null
  /** Proxy variables for RUN, e.g. `{ https_proxy: 'http://…' }`. */
  readonly proxy?: Readonly<Record<string, string>>
}

export type EmbeddedEngine = { readonly steps: StepRunner }

/** The engine that needs no daemon. Nothing is started or probed before it is used. */
export function createEmbeddedEngine(options: EmbeddedOptions): EmbeddedEngine {
  const isolation = openIsolation([perlLauncher()])
  const steps = embeddedSteps({
    store: options.store,
    isolation,
    ca: options.ca ?? null,
    proxy: options.proxy ?? {},
    onLaunch: noticeOnce(),
  })
  return { steps }
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
