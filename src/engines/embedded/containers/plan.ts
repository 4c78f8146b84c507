import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LayerId } from '../../../build/index.ts'
import type { Store } from '../../../store/index.ts'
import { hostsFile, privateFile, resolvFile } from '../network-files.ts'
import {
  kernelAtLeast,
  type Sandbox,
  type SandboxMount,
  type SandboxNetwork,
} from '../sandbox/index.ts'
import { makeStubs, takeRootMetadata } from '../stubs.ts'
import type { ContainerCommand } from './command.ts'

/** The address of every container with a network of its own: each is alone in its namespace. */
export const ownAddress = '172.30.0.2'

export type ContainerPlan = {
  readonly store: Store
  readonly layers: readonly LayerId[]
  readonly command: ContainerCommand
  readonly hostname: string
  readonly network: 'own' | 'host' | 'none'
  readonly addHosts: readonly string[]
  readonly terminal: boolean
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
  const mounts = makeStubs(stubs, tree, networkFiles(plan))
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
    network: networkOf(plan),
    process: { ...plan.command, terminal: plan.terminal },
  }
}

function networkOf({ network }: ContainerPlan): SandboxNetwork {
  return network === 'own' ? { kind: 'own', address: ownAddress } : { kind: network }
}

function networkFiles(plan: ContainerPlan): SandboxMount[] {
  const address = plan.network === 'own' ? ownAddress : '127.0.0.1'
  const resolv = plan.network === 'none' ? null : resolvFile(false)
  return [
    hostsFile({ address, hostname: plan.hostname }, plan.addHosts, false),
    privateFile('/etc/hostname', `${plan.hostname}\n`, false),
    ...(resolv ? [resolv] : []),
  ]
}
