import type { PackageCommand, ShellCommand, ShellScript } from '../../shell/index.ts'
import type { InstructionFacts, LintFacts, RunFacts, StageFacts } from '../facts/index.ts'

/** A RUN that leaves a layer in the final image. */
export type FinalRun = {
  readonly run: RunFacts
  readonly facts: InstructionFacts
  readonly stage: StageFacts
}

/** The RUNs of the final stage and of the stages below it, in order; triggers of ONBUILD are not among them. */
export function finalRuns({ chain }: LintFacts): FinalRun[] {
  return chain.flatMap((stage) =>
    stage.instructions.flatMap((facts) => {
      const run = facts.trigger ? null : facts.run()
      return run ? [{ run, facts, stage }] : []
    }),
  )
}

/** Every instruction of the final image, in order, triggers left out. */
export function finalInstructions({ chain }: LintFacts): InstructionFacts[] {
  return chain.flatMap((stage) => stage.instructions.filter(({ trigger }) => !trigger))
}

/** The program of a command, without its folder. */
export function programOf({ name }: ShellCommand): string {
  return (name ?? '').replace(/^.*\//, '')
}

/** The literal arguments of a command; those that only the shell knows are left out. */
export function argumentsOf({ words }: ShellCommand): string[] {
  return words.slice(1).flatMap(({ value }) => (value === null ? [] : [value]))
}

/** Paths that the `rm` commands of a script name, patterns as written. */
export function removedPaths({ commands }: ShellScript): string[] {
  return commands
    .filter((command) => programOf(command) === 'rm')
    .flatMap(({ words }) => words.slice(1).map(({ value, text }) => value ?? text))
    .filter((word) => !word.startsWith('-'))
}

/** Packages that stay when the RUN ends: installed, and neither removed nor part of an apk group that is removed. */
export function keptPackages(
  run: RunFacts,
): { readonly install: PackageCommand; readonly name: string; readonly at: PackageWord }[] {
  const removed = new Set(
    run.packages
      .filter(({ action }) => action === 'remove')
      .flatMap(({ packages }) => packages.map(({ name }) => name)),
  )
  return run.packages
    .filter(({ action, manager }) => action === 'install' && manager !== 'pip' && manager !== 'npm')
    .filter((install) => !groupsOf(install).some((group) => removed.has(group)))
    .flatMap((install) =>
      install.packages
        .filter(({ name }) => !removed.has(name))
        .map((at) => ({ install, name: at.name, at })),
    )
}

export type PackageWord = PackageCommand['packages'][number]

/** `.build-deps` of `apk add --virtual .build-deps …`. */
function groupsOf({ flags }: PackageCommand): string[] {
  return flags.flatMap(({ value }, index) => {
    if (value === '--virtual' || value === '-t') return [flags[index + 1]?.value ?? '']
    return value?.startsWith('--virtual=') === true ? [value.slice('--virtual='.length)] : []
  })
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
