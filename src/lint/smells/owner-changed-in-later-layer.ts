import { posix } from 'node:path'
import type { Rule } from '../types.ts'
import { argumentsOf, programOf } from './final-image.ts'
import { withWritten } from './written-paths.ts'

/** S10: changing the owner of a file copies it into the layer that does it. */
export const ownerChangedInLaterLayer: Rule = {
  id: 'OwnerChangedInLaterLayer',
  description: 'Owner and mode should be set by the COPY that writes the files',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    for (const { facts: one, directory, written } of withWritten(facts)) {
      const run = one.run()
      if (!run) continue
      for (const command of run.script.commands) {
        const program = programOf(command)
        const args = argumentsOf(command)
        if (program !== 'chown' && program !== 'chmod') continue
        if (!args.some((word) => word === '--recursive' || /^-\w*R/.test(word))) continue
        const paths = args
          .filter((word) => !word.startsWith('-'))
          .slice(1)
          .map((word) => posix.resolve(directory, word.replace(/\/\*$/, '')))
        const hit = written.find((other) =>
          paths.some(
            (path) => other.path === path || other.path.startsWith(`${path}/`) || path === '/',
          ),
        )
        if (!hit) continue
        yield {
          message: `${program} -R stores the files of ${hit.path} a second time; ${hit.by.instruction.keyword.toUpperCase()} --${program} does not`,
          instruction: run.instruction,
          range: run.place(command.range),
        }
      }
    }
  },
}
