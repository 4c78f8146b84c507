import type { PackageCommand } from '../../shell/index.ts'
import type { LintFacts } from '../facts/index.ts'
import type { Hit } from '../types.ts'
import { finalRuns } from './final-image.ts'

/** Every `apt-get install` of the final image that takes recommended packages along, and where to say so. */
export function* withRecommends(
  facts: LintFacts,
): Iterable<{ readonly install: PackageCommand; readonly hit: Omit<Hit, 'message'> }> {
  const configured = facts.chain.some(({ instructions }) =>
    instructions.some(({ instruction }) => /Install-Recommends/i.test(instruction.rest)),
  )
  for (const { run } of configured ? [] : finalRuns(facts))
    for (const install of run.packages) {
      const { manager, action, flags, packages, subcommand, command } = install
      if (manager !== 'apt' || action !== 'install' || packages.length === 0) continue
      if (flags.some(({ value }) => value === '--no-install-recommends')) continue
      const at = subcommand ? run.place(subcommand.range).end : null
      const hit = { instruction: run.instruction, range: run.place(command.range) }
      if (at === null || !command.exact) yield { install, hit }
      else {
        const edits = [{ range: { start: at, end: at }, text: ' --no-install-recommends' }]
        const title = 'Add --no-install-recommends'
        yield { install, hit: { ...hit, fix: { title, safety: 'suggestion', edits } } }
      }
    }
}
