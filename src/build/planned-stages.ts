import type { PlannedStage } from '../base/index.ts'
import type { StageGraph } from './graph.ts'
import { makesStep } from './stage-start.ts'

/** What people are told of the stages that will be built, before any of them begins. */
export function plannedStages(graph: StageGraph): readonly PlannedStage[] {
  return graph.reachable.flatMap((index) => {
    const item = graph.stages[index]
    if (!item || item.base.kind === 'context') return []
    const { base } = item
    return {
      name: stageLabel(graph, index),
      base:
        base.kind === 'stage'
          ? stageLabel(graph, base.index)
          : base.kind === 'scratch'
            ? 'scratch'
            : base.reference,
      steps: item.stage.instructions.filter(makesStep).length + 1,
      needs: item.needs.map((need) => stageLabel(graph, need)),
    }
  })
}

/** The stage's name in the labels of its steps; empty for the only one. */
export function stageLabel({ stages, reachable }: StageGraph, index: number): string {
  return stages[index]?.stage.name ?? (reachable.length > 1 ? `stage-${index}` : '')
}
