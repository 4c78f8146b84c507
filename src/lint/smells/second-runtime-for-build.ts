import type { Rule } from '../types.ts'
import { finalBase } from './base-image.ts'
import { argumentsOf, finalRuns, keptPackages, programOf } from './final-image.ts'

/** S12: a second language in the image, only because it built the assets of the first. */
export const secondRuntimeForBuild: Rule = {
  id: 'SecondRuntimeForBuild',
  description: 'A language that only builds assets belongs in a stage of its own',
  url: null,
  origin: 'jettison',
  severity: 'info',
  needs: 'scope',
  *check(facts) {
    const base = finalBase(facts)
    if (!base || /(?:^|\/)node$/.test(base.repository)) return
    const runs = finalRuns(facts)
    const builds = runs.some(({ run }) =>
      run.script.commands.some((command) => {
        const [action, script] = argumentsOf(command)
        if (!['npm', 'yarn', 'pnpm'].includes(programOf(command))) return false
        return action === 'run' ? /build|compile|bundle/.test(script ?? '') : action === 'build'
      }),
    )
    if (!builds) return
    for (const { run } of runs) {
      const node = keptPackages(run).find(({ name }) => /^(?:nodejs|npm|yarn|node)$/.test(name))
      if (!node) continue
      yield {
        message: `${node.name} builds the assets and stays beside ${base.repository}; a node stage can build them`,
        instruction: run.instruction,
        range: run.place(node.at.word.range),
      }
      return
    }
  },
}
