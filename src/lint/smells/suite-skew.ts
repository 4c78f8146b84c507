import type { LintFacts, StageFacts } from '../facts/index.ts'
import type { Rule } from '../types.ts'
import { baseOf } from './base-image.ts'

const suites = /(?:^|-)(buster|bullseye|bookworm|trixie|forky|focal|jammy|noble|alpine)/

/** S15: what one release built runs on another, whose C library may be older. */
export const suiteSkew: Rule = {
  id: 'SuiteSkew',
  description: 'Stages that copy from each other should be on the same release of the same system',
  url: null,
  origin: 'jettison',
  severity: 'info',
  needs: 'scope',
  *check(facts) {
    const own = facts.final && suiteOf(facts, facts.final)
    if (!facts.final || own === null) return
    for (const { instruction } of facts.final.instructions) {
      if (instruction.kind !== 'copy') continue
      const from = instruction.flags.find(({ name }) => name === 'from')
      const source = facts.stages.findLast(
        ({ stage }) =>
          stage.index < (facts.final?.stage.index ?? 0) &&
          (stage.name === from?.value?.toLowerCase() || String(stage.index) === from?.value),
      )
      const other = source ? suiteOf(facts, source) : null
      if (!from || other === null || other === own) continue
      yield {
        message: `files built on ${other} are copied to ${own}: their C libraries differ`,
        instruction,
        range: from.range,
      }
    }
  },
}

/** The release that the tag at the bottom of a stage names. */
function suiteOf(facts: LintFacts, stage: StageFacts): string | null {
  let at = stage
  while (at.parent !== null) at = facts.stages[at.parent] ?? { ...at, parent: null }
  const base = baseOf(at)
  if (base?.repository === 'alpine') return 'alpine'
  return suites.exec(base?.tag ?? '')?.[1] ?? null
}
