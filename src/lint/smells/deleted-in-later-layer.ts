import { posix } from 'node:path'
import type { RunFacts } from '../facts/index.ts'
import type { Rule } from '../types.ts'
import { argumentsOf, listed, programOf } from './final-image.ts'
import { withWritten } from './written-paths.ts'

/** S9: what a later layer deletes is still in the earlier one, and everyone pulls it. */
export const deletedInLaterLayer: Rule = {
  id: 'DeletedInLaterLayer',
  description: 'Deleting in a later layer does not make an image smaller',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    const installed = new Set<string>()
    let listsKept = false
    for (const { facts: one, directory, written } of withWritten(facts)) {
      const run = one.run()
      if (!run) continue
      const own = installsOf(run)
      const gone = removedPackages(run).filter((name) => installed.has(name) && !own.has(name))
      const { instruction } = run
      if (gone.length > 0)
        yield {
          message: `${listed(gone)} ${gone.length === 1 ? 'was' : 'were'} installed in an earlier layer and stay${gone.length === 1 ? 's' : ''} there`,
          instruction,
        }
      for (const { path, range } of removals(run, directory)) {
        const hit = written.find(
          (other) => other.path === path || other.path.startsWith(`${path}/`),
        )
        const lists = path.startsWith('/var/lib/apt/lists') && own.size === 0 && listsKept
        if (!hit && !lists) continue
        yield {
          message: `${path} was ${hit ? `copied there by line ${lineOf(facts.dockerfile.text, hit.by.instruction.range.start)}` : 'filled in an earlier layer'} and stays in that layer`,
          instruction,
          range,
        }
      }
      for (const name of own) installed.add(name)
      listsKept ||= run.packages.some(
        ({ manager, action }) => manager === 'apt' && action === 'update',
      )
    }
  },
}

function installsOf(run: RunFacts): Set<string> {
  return new Set(
    run.packages
      .filter(
        ({ action, manager }) => action === 'install' && manager !== 'pip' && manager !== 'npm',
      )
      .flatMap(({ packages }) => packages.map(({ name }) => name)),
  )
}

function removedPackages(run: RunFacts): string[] {
  return run.packages
    .filter(({ action, manager }) => action === 'remove' && manager !== 'pip' && manager !== 'npm')
    .flatMap(({ packages }) => packages.map(({ name }) => name))
}

/** Absolute paths that `rm` removes, `/*` at the end left off. */
function removals(
  run: RunFacts,
  directory: string,
): { readonly path: string; readonly range: { start: number; end: number } }[] {
  const moves = run.script.commands.some((command) => programOf(command) === 'cd')
  return run.script.commands
    .filter((command) => programOf(command) === 'rm')
    .flatMap((command) =>
      argumentsOf(command)
        .filter((word) => !word.startsWith('-') && (word.startsWith('/') || !moves))
        .map((word) => ({
          path: posix.resolve(directory, word.replace(/\/\*$/, '')),
          range: run.place(command.range),
        })),
    )
    .filter(({ path }) => path !== '/')
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
