import type { Rule } from '../types.ts'
import { finalRuns } from './final-image.ts'

/** S5: apt installs what is recommended unless told not to. */
export const recommendsInstalled: Rule = {
  id: 'RecommendsInstalled',
  description: 'apt-get install should leave out recommended packages',
  url: null,
  origin: 'jettison',
  severity: 'info',
  needs: 'scope',
  *check(facts) {
    const configured = facts.chain.some(({ instructions }) =>
      instructions.some(({ instruction }) => /Install-Recommends/i.test(instruction.rest)),
    )
    for (const { run } of configured ? [] : finalRuns(facts)) {
      for (const { manager, action, flags, packages, subcommand, command } of run.packages) {
        if (manager !== 'apt' || action !== 'install' || packages.length === 0) continue
        if (flags.some(({ value }) => value === '--no-install-recommends')) continue
        const at = subcommand ? run.place(subcommand.range).end : null
        yield {
          message: 'apt also installs what these packages only recommend',
          instruction: run.instruction,
          range: run.place(command.range),
          ...(at === null || !command.exact
            ? {}
            : {
                fix: {
                  title: 'Add --no-install-recommends',
                  safety: 'suggestion',
                  edits: [{ range: { start: at, end: at }, text: ' --no-install-recommends' }],
                },
              }),
        }
      }
    }
  },
}
