/** Registry faults: ways in which a registry goes wrong, and what has to come of each. */
import { pulls } from './pulls.ts'
import { pushes } from './pushes.ts'
import { ranges } from './ranges.ts'
import type { RegistryFault } from './ways.ts'

export type { RegistryFault } from './ways.ts'

export const registryFaults: readonly RegistryFault[] = [
  ...pulls.map((fault) => ({ ...fault, doing: 'pull' as const })),
  ...ranges.map((fault) => ({ ...fault, doing: 'pull' as const, ranged: true as const })),
  ...pushes.map((fault) => ({ ...fault, doing: 'push' as const })),
]
