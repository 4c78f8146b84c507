import { type BuildTool, buildTools, pythonEnvironments } from '../../analysis/index.ts'
import { formatSize } from '../../base/index.ts'
import { leanRelative } from '../bases/index.ts'
import { entriesOf } from '../system/index.ts'
import type { PlanInput, Refusal } from '../types.ts'

/** Refuses a Dockerfile that has no stage, or several that leave nothing of the build behind. */
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
  const base = last.reference
  return leanRelative(base, input.facts.system).kind !== 'lean' && ownTools(input).length === 0
    ? lean(input, base, `${stages.length} stages`)
    : null
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
  for (const entry of entriesOf(fatTree))
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
