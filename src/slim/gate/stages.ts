import { type BuildTool, buildTools, pythonEnvironments } from '../../analysis/index.ts'
import { formatSize } from '../../base/index.ts'
import { leanRelative } from '../bases/index.ts'
import type { Facts, StageFacts } from '../facts/index.ts'
import type { PlanInput, Refusal } from '../types.ts'

/** Refuses a Dockerfile that has no stage, or more than one: lean already, or not judged yet. */
export function refuseStages(input: PlanInput): Refusal | null {
  const { stages } = input.facts
  const last = stages.at(-1)
  if (!last)
    return {
      code: 'unsupported-base',
      message: 'the Dockerfile has no FROM',
      details: [],
    }
  if (stages.length === 1) return null
  const base = rootReference(input.facts, last)
  const tools = ownTools(input)
  if (leanRelative(base, input.facts.system).kind === 'same' && tools.length === 0)
    return lean(input, base, `${stages.length} stages`)
  return {
    code: 'multi-stage-input',
    message: 'the Dockerfile has several stages already, and jettison does not rework those yet',
    details: [
      `${stages.length} stages; the last one starts from ${base}`,
      ...tools
        .slice(0, 8)
        .map(
          (one) => `build tool above the base: ${one.name} (${one.path}, ${formatSize(one.bytes)})`,
        ),
    ],
  }
}

/** Refuses a single stage on a slim base that has nothing to leave behind. */
export function refuseLean(input: PlanInput, base: string): Refusal | null {
  return ownTools(input).length === 0 ? lean(input, base, 'a single stage') : null
}

/** Build tools that the image has above its base and that no kept package lists as its own. */
function ownTools({ facts, fatTree, fatDb }: PlanInput): readonly BuildTool[] {
  const environments = pythonEnvironments(fatTree, facts.config)
  return buildTools(fatTree, fatDb, environments).filter(
    (one) =>
      one.layer >= facts.baseLayers && one.keptBy === undefined && one.kind !== 'package-cache',
  )
}

function lean({ facts, fatTree }: PlanInput, base: string, stages: string): Refusal {
  let below = 0
  let above = 0
  for (const entry of fatTree.walk())
    if (entry.kind === 'file') {
      if (entry.layer < facts.baseLayers) below += entry.size
      else above += entry.size
    }
  return {
    code: 'already-lean',
    message: `the image is lean already: ${stages} on ${base}, and no build tool above it`,
    details: [
      `image ${formatSize(below + above)}: base ${formatSize(below)}, the project's own files ${formatSize(above)}`,
      'build tools above the base: 0',
    ],
  }
}

function rootReference({ stages }: Facts, stage: StageFacts): string {
  const parent = stage.parent === null ? undefined : stages[stage.parent]
  return parent ? rootReference({ stages } as Facts, parent) : stage.reference
}
