import { findProgram } from '../../../analysis/index.ts'
import { resolvePath } from '../../../image/index.ts'
import type { StageFacts } from '../../facts/index.ts'
import { type LeanBase, type NamedPackage, namedPackages } from '../../system/index.ts'
import type { PlanInput, Refusal } from '../../types.ts'
import { type RoledRun, rolesOf } from './roles.ts'
import { sourcesOf } from './run-steps.ts'
import { refused } from './steps.ts'

/** The RUN lines of the stage, judged. */
export type Survey = {
  /** By index of the instruction. */
  readonly runs: ReadonlyMap<number, RoledRun>
  readonly named: readonly NamedPackage[]
  /** Index of the last instruction that needs the builder. */
  readonly cut: number
  readonly upgradesSystem: boolean
}

/** Judges every RUN of the stage; a line that cannot be split is refused with its reason. */
export function surveyRuns(input: PlanInput, stage: StageFacts, lean: LeanBase): Survey | Refusal {
  const { facts, fatTree: tree } = input
  const named = namedPackages(stage, input.fatDb)
  const inRuntime = programsOf(input, named, lean)
  const context = { tree, context: facts.context, escape: facts.dockerfile.escape, inRuntime }
  const runs = new Map<number, RoledRun>()
  for (const [index, one] of stage.instructions.entries()) {
    if (one.instruction.kind !== 'run') continue
    const run = rolesOf(one, context)
    const why = objection(
      run,
      named.filter(({ instruction }) => instruction === index),
    )
    if (why !== null) return refused(one, facts, why)
    runs.set(index, run)
  }
  const needing = [...runs].filter(([, run]) => needsBuilder(run)).map(([index]) => index)
  if (![...runs.values()].some((run) => sourcesOf(run.commands ?? []).length > 0))
    return {
      code: 'unsupported-ecosystem',
      message: 'pip installs nothing that the app needs',
      details: ['python-pip: no pip install of requirements'],
    }
  return {
    runs,
    named,
    cut: Math.max(...needing),
    upgradesSystem: [...runs.values()].some((run) =>
      (run.commands ?? []).some(({ command }) => command.system?.kind === 'upgrade'),
    ),
  }
}

/** A program is in the runtime when the lean base has it, or a package that the user named and that stays. */
function programsOf(
  { facts, fatTree, fatDb }: PlanInput,
  named: readonly NamedPackage[],
  lean: LeanBase,
): (program: string) => boolean {
  const stays = new Set(named.filter((one) => !one.buildOnly).map((one) => one.name))
  return (program) => {
    const path = findProgram(fatTree, facts.config, program)
    if (path === undefined) return false
    const owner = fatDb.ownerOf(path) ?? fatDb.ownerOf(resolvePath(fatTree, path).path)
    return owner ? lean.hasPackage(owner.name) || stays.has(owner.name) : lean.has(path)
  }
}

function objection(run: RoledRun, named: readonly NamedPackage[]): string | null {
  const { commands, facts } = run
  const text = facts.instruction.rest
  if (commands === null)
    return /\b(?:pip3?|apt|apt-get)\b/.test(text)
      ? 'it calls a package manager in exec form or in a script that is not understood'
      : null
  for (const { role } of commands) if (role.kind === 'refused') return role.why
  const kinds = new Set(commands.map(({ role }) => role.kind))
  if (kinds.has('dependencies') && kinds.has('tool'))
    return 'it installs dependencies and builds or downloads something else in the same RUN'
  if (
    commands.some(
      ({ role }) => role.kind === 'dependencies' && hasEditable(role.source.requirements),
    )
  )
    return 'an editable install (-e) runs from its sources, which wheels do not keep'
  const configures = commands.some(
    ({ command }) =>
      command.system?.kind === 'configure' ||
      command.words.some((word) => word.text.includes('/etc/apt/')),
  )
  const stays = named.find((one) => !one.buildOnly)
  return configures && stays ? `${stays.name} comes from a package source that it sets up` : null
}

function hasEditable(requirements: readonly { readonly editable: boolean }[]): boolean {
  return requirements.some((one) => one.editable)
}

function needsBuilder({ commands }: RoledRun): boolean {
  return (commands ?? []).some(({ role }) => role.kind === 'dependencies' || role.kind === 'tool')
}
