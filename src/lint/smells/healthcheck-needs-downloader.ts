import { parseShell } from '../../shell/index.ts'
import type { Rule } from '../types.ts'
import { finalInstructions, finalRuns, keptPackages, programOf } from './final-image.ts'

/** S20: curl and its libraries in an image whose interpreter could ask as well. */
export const healthcheckNeedsDownloader: Rule = {
  id: 'HealthcheckNeedsDownloader',
  description: 'A HEALTHCHECK should not be the reason to install curl or wget',
  url: null,
  origin: 'jettison',
  severity: 'info',
  needs: 'scope',
  *check(facts) {
    const check = finalInstructions(facts).findLast(
      ({ instruction }) => instruction.kind === 'healthcheck',
    )
    if (check?.instruction.kind !== 'healthcheck' || !check.instruction.test) return
    const { test } = check.instruction
    const text = test.form === 'exec' ? test.argv.join(' ') : test.text
    const asked = parseShell(text).commands.map(programOf)
    for (const { run } of finalRuns(facts)) {
      const used = run.script.commands.map(programOf)
      const tool = keptPackages(run).find(
        // A RUN that downloads with it has another reason.
        ({ name }) =>
          ['curl', 'wget'].includes(name) && asked.includes(name) && !used.includes(name),
      )
      if (!tool) continue
      yield {
        message: `${tool.name} is installed for HEALTHCHECK; the app's own interpreter can ask`,
        instruction: check.instruction,
      }
      return
    }
  },
}
