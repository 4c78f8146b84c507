import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LayerId, Ulimit } from '../../../build/index.ts'
import type { Store } from '../../../store/index.ts'
import { hostsFile, privateFile, resolvFile, resolvFileOf } from '../network-files.ts'
import {
  kernelAtLeast,
  type Sandbox,
  type SandboxMount,
  type SandboxNetwork,
} from '../sandbox/index.ts'
import { makeStubs, takeRootMetadata } from '../stubs.ts'
import type { ContainerCommand } from './command.ts'
import type { Dns } from './types.ts'

export type ContainerPlan = {
  readonly store: Store
  readonly layers: readonly LayerId[]
  readonly command: ContainerCommand
  readonly hostname: string
  readonly network: SandboxNetwork
  /** Name server of the container's own network; absent: the host's list. */
  readonly resolver?: string | null
  readonly addHosts: readonly string[]
  readonly terminal: boolean
  /** Sources that exist, parents before what lies below them. */
  readonly volumes?: readonly SandboxMount[]
  readonly capabilities?: readonly string[]
  readonly init?: boolean
  readonly readOnly?: boolean
  readonly shmSize?: number | null
  readonly ulimits?: readonly Ulimit[]
  readonly dns?: Dns | null
  readonly gate?: string | undefined
  readonly atRoot?: Sandbox['atRoot'] | undefined
  /** Existing empty directory for the run itself. */
  readonly dir: string
  /** What the container writes. `kept` survives the run, so that what is written there is synced. */
  readonly upper: { readonly upper: string; readonly work: string; readonly kept: boolean }
}

/** A container as a sandbox: the image's layers below, generated network files above, Docker's names. */
export function containerSandbox(plan: ContainerPlan): Sandbox {
  const { store, layers, hostname } = plan
  const tree = store.tree(layers)
  const { upper, work, kept } = plan.upper
  takeRootMetadata(upper, tree)
  const stubs = join(plan.dir, 'stubs')
  const volumes = plan.volumes ?? []
  // Whoever mounts something on /etc/hosts wants that there.
  const files = networkFiles(plan).filter(
    (file) => !volumes.some(({ target }) => target === file.target),
  )
  const mounts = makeStubs(stubs, tree, [...volumes, ...files])
  const workspace = join(plan.dir, 'sandbox')
  mkdirSync(workspace)
  return {
    workspace,
    root: {
      lowers: [...layers.map((id) => store.layerPath(id)), stubs],
      upper: { upper, work },
      volatile: !kept && kernelAtLeast(5, 10),
    },
    views: [],
    mounts,
    hostname,
    network: plan.network,
    process: {
      ...plan.command,
      terminal: plan.terminal,
      init: plan.init ?? false,
      ...(plan.ulimits && plan.ulimits.length > 0 ? { ulimits: plan.ulimits } : {}),
      ...(plan.capabilities === undefined ? {} : { capabilities: plan.capabilities }),
    },
    ...(plan.shmSize ? { shmSize: plan.shmSize } : {}),
    readOnlyRoot: plan.readOnly ?? false,
    ...(plan.gate === undefined ? {} : { gate: plan.gate }),
    ...(plan.atRoot === undefined ? {} : { atRoot: plan.atRoot }),
  }
}

function networkFiles(plan: ContainerPlan): SandboxMount[] {
  const address = 'address' in plan.network ? plan.network.address : '127.0.0.1'
  const resolv = resolvers(plan)
  return [
    hostsFile({ address, hostname: plan.hostname }, plan.addHosts, false),
    privateFile('/etc/hostname', `${plan.hostname}\n`, false),
    ...(resolv ? [resolv] : []),
  ]
}

function resolvers({ network, resolver, dns }: ContainerPlan): SandboxMount | null {
  if (network.kind === 'none') return null
  if (dns) return resolvFileOf(dns.servers.length > 0 || !resolver ? dns.servers : [resolver], dns)
  return resolver ? resolvFileOf([resolver]) : resolvFile(false)
}
