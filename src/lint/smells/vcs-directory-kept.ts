import type { Rule } from '../types.ts'
import {
  argumentsOf,
  finalInstructions,
  finalRuns,
  programOf,
  removedPaths,
} from './final-image.ts'

/** S8, as far as text shows it: the history of a repository in a layer. */
export const vcsDirectoryKept: Rule = {
  id: 'VcsDirectoryKept',
  description: 'The history of a repository does not belong in the final image',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    for (const { instruction, words } of finalInstructions(facts)) {
      if (instruction.kind !== 'copy' && instruction.kind !== 'add') continue
      const source = words.find((word) => /(?:^|\/)\.(?:git|hg|svn)(?:\/|$)/.test(word))
      if (source !== undefined)
        yield { message: `${source} is copied with the whole history`, instruction }
    }
    for (const { run } of finalRuns(facts)) {
      const clone = run.script.commands.find(
        (command) => programOf(command) === 'git' && argumentsOf(command).includes('clone'),
      )
      if (!clone) continue
      const target = targetOf(argumentsOf(clone))
      const gone = removedPaths(run.script).some(
        (path) => path.includes('.git') || (target !== '' && path.endsWith(target)),
      )
      if (gone) continue
      yield {
        message: 'the clone keeps its .git directory in this layer',
        instruction: run.instruction,
        range: run.place(clone.range),
      }
    }
  },
}

/** The folder that a clone makes. */
function targetOf(args: readonly string[]): string {
  return (args.at(-1) ?? '')
    .replace(/\/+$/, '')
    .replace(/^.*\//, '')
    .replace(/\.git$/, '')
}
