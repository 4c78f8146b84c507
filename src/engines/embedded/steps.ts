import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Scope, withScope } from '../../base/index.ts'
import type {
  CopyStep,
  LayerId,
  RunOutcome,
  RunStep,
  StepIo,
  StepRunner,
} from '../../build/index.ts'
import type { Store } from '../../store/index.ts'
import type { DeviceEdits } from './cdi.ts'
import { writeEntries } from './copy.ts'
import { caPath, runEnvironment, trustStorePath } from './environment.ts'
import { prepareMounts } from './mounts.ts'
import { hostsFile, privateFile, resolvFile } from './network-files.ts'
import type { Isolation, Launcher, Sandbox, SandboxIo, SandboxMount } from './sandbox/index.ts'
import { everyCapability, kernelAtLeast } from './sandbox/index.ts'
import { makeStubs, takeRootMetadata } from './stubs.ts'
import { javaTrustStore } from './trust-store.ts'
import { openTwins } from './twins.ts'

export type StepOptions = {
  readonly store: Store
  readonly isolation: Isolation
  /** Certificates that only RUN sees, PEM; never in a layer, a key or the history. */
  readonly ca: Uint8Array | null
  /** Proxy variables that only RUN sees, by name as given. */
  readonly proxy: Readonly<Record<string, string>>
  readonly deviceFolders?: readonly string[]
  /** Called after each start. */
  readonly onLaunch: (launcher: Launcher, io: StepIo) => void
}

/** BuildKit's name of the machine in a RUN. */
const usualName = 'buildkitsandbox'

/** Runs the steps of a build without a daemon: overlay directories and namespaces (DESIGN §4). */
export function embeddedSteps(options: StepOptions): StepRunner {
  return {
    run: (step, io) => withScope((scope) => run(options, step, io, scope)),
    copy: (step, io) => withScope((scope) => copy(options, step, io, scope)),
  }
}

async function run(
  options: StepOptions,
  step: RunStep,
  io: StepIo,
  scope: Scope,
): Promise<RunOutcome> {
  io.signal?.throwIfAborted()
  const { store } = options
  const workspace = scope.add(store.workspace('run'), (made) => made.remove())
  const draft = scope.add(store.draftLayer(), (made) => made.discard())
  const sandbox = await planSandbox(options, step, io, { scope, dir: workspace.dir, upper: draft })
  const running = await options.isolation.start(sandbox, {
    stdin: standardInput(step.stdin, workspace.dir, scope),
    output: (stream, bytes) => io.emit({ kind: 'step-output', step: io.step, stream, bytes }),
    signal: io.signal,
  })
  options.onLaunch(running.launcher, io)
  const { exitCode } = await running.ended
  io.signal?.throwIfAborted()
  if (running.refusal !== null) {
    const bytes = Buffer.from(`${running.refusal}\n`)
    io.emit({ kind: 'step-output', step: io.step, stream: 'stderr', bytes })
  }
  return exitCode === 0 ? { exitCode, layer: draft.publish().id } : { exitCode, layer: null }
}

/** A file and not a pipe, so that `/dev/stdin` can be opened again by any user. */
function standardInput(bytes: Uint8Array | null, dir: string, scope: Scope): SandboxIo['stdin'] {
  if (bytes === null) return 'ignore'
  const path = join(dir, 'stdin')
  writeFileSync(path, bytes, { mode: 0o444 })
  return { fd: scope.add(openSync(path, 'r'), closeSync) }
}

async function planSandbox(
  options: StepOptions,
  step: RunStep,
  io: StepIo,
  place: { scope: Scope; dir: string; upper: { readonly upper: string; readonly work: string } },
): Promise<Sandbox> {
  const { store } = options
  const volatile = kernelAtLeast(5, 10)
  const tree = store.tree(step.base)
  const { upper, work } = place.upper
  takeRootMetadata(upper, tree)
  const { mounts, views } = await prepareMounts(step.mounts, {
    store,
    dir: place.dir,
    scope: place.scope,
    volatile,
    signal: io.signal,
  })
  const devices = await devicesOf(step, options.deviceFolders)
  const stubs = join(place.dir, 'stubs')
  const all = [...systemFiles(options, step), ...devices.mounts, ...mounts]
  const placed = makeStubs(stubs, tree, all)
  const inner = join(place.dir, 'sandbox')
  mkdirSync(inner)
  return {
    workspace: inner,
    root: {
      lowers: [...step.base.map((id) => store.layerPath(id)), stubs],
      upper: { upper, work },
      volatile,
    },
    views,
    mounts: placed,
    hostname: step.hostname ?? usualName,
    ...(step.shmSize === undefined ? {} : { shmSize: step.shmSize }),
    network: { kind: step.network },
    ...(step.insecure ? { privileged: true } : {}),
    process: {
      argv: step.argv,
      env: runEnvironment([...step.env, ...devices.env], {
        ca: options.ca !== null,
        proxy: options.proxy,
      }),
      ...(step.insecure ? { capabilities: everyCapability() } : {}),
      cwd: step.cwd,
      user: step.user,
      terminal: false,
      ...(step.ulimits ? { ulimits: step.ulimits } : {}),
    },
  }
}

/** A RUN with devices is rare, and reading what describes them needs a YAML parser. */
async function devicesOf(
  { devices = [] }: RunStep,
  folders: readonly string[] | undefined,
): Promise<DeviceEdits> {
  if (devices.length === 0) return { mounts: [], env: [] }
  const { findDevices } = await import('./cdi.ts')
  return findDevices(devices, folders)
}

function systemFiles(options: StepOptions, step: RunStep): SandboxMount[] {
  const resolv = step.network === 'host' ? resolvFile(true) : null
  return [
    hostsFile({ address: '127.0.0.1', hostname: step.hostname ?? usualName }, step.addHosts, true),
    ...(resolv ? [resolv] : []),
    ...(options.ca
      ? [
          privateFile(caPath, options.ca, true),
          privateFile(trustStorePath, javaTrustStore(options.ca), true),
        ]
      : []),
  ]
}

async function copy(
  options: StepOptions,
  step: CopyStep,
  io: StepIo,
  scope: Scope,
): Promise<LayerId> {
  const { store } = options
  const draft = scope.add(store.draftLayer(), (made) => made.discard())
  takeRootMetadata(draft.upper, store.tree(step.base))
  const twins = openTwins(store, copyName(step, io), step)
  const attributes = await writeEntries(
    { root: draft.upper, layerPath: (id) => store.layerPath(id), twins },
    step.parts,
    io.signal,
  )
  const { id } = draft.publish({
    links: linkGroups(step),
    attributes: attributes ? 'read' : 'none',
  })
  twins.keep(id)
  return id
}

/** The instruction and where its first file lies. */
function copyName({ parts }: CopyStep, { step }: StepIo): string {
  const places = parts.map(({ source, entries }) => {
    const first = entries.find(({ kind, from }) => kind === 'file' && from !== null)
    return first?.from ? source.hostPath(first.from) : null
  })
  return [step, ...places].join('\0')
}

/** The hard links that the plan asks for; files that were linked only to save a copy are none. */
function linkGroups({ parts }: CopyStep): string[][] {
  const groups = new Map<string, string[]>()
  for (const { entries } of parts)
    for (const { to, hardlink } of entries)
      if (hardlink !== undefined)
        groups.set(hardlink, [...(groups.get(hardlink) ?? [hardlink]), to])
  return [...groups.values()]
}
