import type { PackageCommand } from '../../shell/index.ts'
import type { RunFacts } from '../facts/index.ts'
import type { Fix, Rule } from '../types.ts'
import { finalRuns, removedPaths } from './final-image.ts'

/** S4: indexes and archives of the system's package manager in a layer. */
export const packageListsKept: Rule = {
  id: 'PackageListsKept',
  description: 'Package lists and archives should not stay in a layer of the final image',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    for (const { run } of finalRuns(facts)) {
      const seen = new Set<string>()
      for (const command of run.packages) {
        const kept = keeps(run, command)
        if (kept === null || seen.has(command.manager)) continue
        seen.add(command.manager)
        const fix = command.manager === 'apk' ? noCache(run, command) : null
        yield {
          message: `${kept} stay in this layer`,
          instruction: run.instruction,
          range: run.place(command.command.range),
          ...(fix ? { fix } : {}),
        }
      }
    }
  },
}

/** What the command leaves behind, null when nothing. */
function keeps(run: RunFacts, command: PackageCommand): string | null {
  const { manager, action, flags } = command
  const removed = removedPaths(run.script)
  const gone = (place: string): boolean =>
    removed.some((path) => path.startsWith(place)) ||
    run.cacheMounts.some((target) => place.startsWith(target) || target.startsWith(place))
  if (manager === 'apt' && (action === 'update' || action === 'install'))
    return command.subcommand?.value === 'update' && !gone('/var/lib/apt')
      ? 'the package lists of apt (/var/lib/apt/lists, about 20 MB)'
      : null
  if (manager === 'apk' && (action === 'install' || action === 'update'))
    return flags.some(({ value }) => value === '--no-cache') || gone('/var/cache/apk')
      ? null
      : 'the package index of apk (/var/cache/apk)'
  const cleaned = run.packages.some((other) => other.manager === 'dnf' && other.action === 'clean')
  if (manager === 'dnf' && (action === 'install' || action === 'upgrade'))
    return cleaned || gone('/var/cache') ? null : `the caches of ${command.tool} (/var/cache)`
  return null
}

/** `apk --no-cache` fetches the index for itself, so that it also stands for an update. */
function noCache(run: RunFacts, { subcommand, command, action }: PackageCommand): Fix | null {
  if (!subcommand || !command.exact || action !== 'install') return null
  const { end } = run.place(subcommand.range)
  return {
    title: 'Add --no-cache',
    safety: 'safe',
    edits: [{ range: { start: end, end }, text: ' --no-cache' }],
  }
}
