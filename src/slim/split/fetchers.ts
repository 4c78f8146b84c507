import type { FileTree, TreeEntry } from '../../image/index.ts'
import type { PlanInput } from '../types.ts'
import type { Survey } from './survey.ts'

const maxText = 256 * 1024

/** Where a container's commands are written down besides the image itself. */
const deployments = [
  'docker-compose.yml',
  'docker-compose.yaml',
  'compose.yml',
  'compose.yaml',
  'Procfile',
  'README.md',
]

/** Packages of these directories do not speak for the app. */
const dependencies = /\/(?:(?:site|dist)-packages|node_modules|vendor)\//

/**
 * True for a package that the user named and that only the builder uses: a RUN that stays in the builder calls one of
 * its programs, no RUN of the runtime does, and neither the app's own files nor its deployment files say the name.
 */
export function servesBuilderOnly(
  name: string,
  { facts, fatTree, fatDb }: PlanInput,
  kept: readonly TreeEntry[],
  survey: Survey,
): boolean {
  const programs = programsOf(fatDb.packages.get(name)?.files ?? [])
  if (programs.size === 0) return false
  const calls = [...survey.runs.values()].map((run) => ({
    builder: (run.commands ?? []).some(({ role }) => role.kind === 'tool'),
    calls: (run.commands ?? []).some(({ command }) => programs.has(command.name)),
  }))
  if (!calls.some((one) => one.calls && one.builder)) return false
  if (calls.some((one) => one.calls && !one.builder)) return false
  const word = new RegExp(`(?<![\\w-])(?:${[...programs].map(quoted).join('|')})(?![\\w-])`)
  const texts = [
    ...deployments.map((path) => facts.context.readText(path) ?? ''),
    ...ownTexts(fatTree, kept),
  ]
  return !texts.some((text) => word.test(text))
}

function programsOf(files: readonly string[]): ReadonlySet<string> {
  return new Set(
    files
      .filter((path) => /^\/(?:usr\/)?s?bin\/[^/]+$/.test(path))
      .map((path) => path.slice(path.lastIndexOf('/') + 1)),
  )
}

function ownTexts(tree: FileTree, kept: readonly TreeEntry[]): readonly string[] {
  return kept
    .filter(({ path, size }) => size <= maxText && !dependencies.test(path))
    .map(({ path }) => new TextDecoder().decode(tree.read(path)))
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
