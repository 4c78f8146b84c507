import { findProgram } from '../../analysis/index.ts'
import { resolvePath } from '../../image/index.ts'
import type { StageFacts } from '../facts/index.ts'
import { type LeanBase, type NamedPackage, namedPackages } from '../system/index.ts'
import type { PlanInput, Refusal } from '../types.ts'
import { refused } from './refused.ts'
import { rolesOf } from './roles.ts'
import type { Recipe, RoledRun } from './types.ts'

/** The RUN lines of the stage, judged. */
export type Survey = {
  /** By index of the instruction. */
  readonly runs: ReadonlyMap<number, RoledRun>
  readonly named: readonly NamedPackage[]
  /** Index of the last instruction that needs the builder, -1 when none does. */
  readonly cut: number
  readonly upgradesSystem: boolean
}

/** Judges every RUN of the stage; a line that cannot be split is refused with its reason. */
export function surveyRuns(
  input: PlanInput,
  stage: StageFacts,
  lean: LeanBase,
  { role, prepare }: Recipe,
): Survey | Refusal {
  const opaque = prepare === undefined
  const named = namedPackages(stage, input.fatDb, input.fatTree)
  const inRuntime = programsOf(input, named, lean)
  const runs = new Map<number, RoledRun>()
  for (const [index, one] of stage.instructions.entries()) {
    if (one.instruction.kind !== 'run') continue
    const built = [...runs.values()].some((run) => hasTool(run))
    const run = rolesOf(one, { role, inRuntime, opaque, built })
    const own = named.filter(({ instruction }) => instruction === index)
    const why = objection(run, own, opaque)
    if (why !== null) return refused(one, input.facts, why)
    runs.set(index, run)
  }
  const needing = [...runs].filter(([, run]) => needsBuilder(run)).map(([index]) => index)
  return {
    runs,
    named,
    cut: Math.max(-1, ...needing),
    upgradesSystem: [...runs.values()].some((run) =>
      (run.commands ?? []).some(({ command }) => command.system?.kind === 'upgrade'),
    ),
  }
}

function hasTool({ commands }: RoledRun): boolean {
  return (commands ?? []).some(({ role }) => role.kind === 'tool')
}

const installs = /\b(?:pip3?|apt|apt-get|apk|npm|yarn|pnpm|cargo|go|mvn|gradle|make)\b/

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

function objection(run: RoledRun, named: readonly NamedPackage[], opaque: boolean): string | null {
  const { commands, facts } = run
  const text = facts.instruction.rest
  if (commands === null)
    return !opaque && installs.test(text)
      ? 'it calls a package manager in a script that is not understood'
      : null
  for (const { role } of commands) if (role.kind === 'refused') return role.why
  const kinds = new Set(commands.map(({ role }) => role.kind))
  if (kinds.has('prepared') && kinds.has('tool'))
    return 'it installs dependencies and builds or downloads something else in the same RUN'
  const configures = commands.some(
    ({ command }) =>
      command.system?.kind === 'configure' ||
      command.words.some((word) => word.text.includes('/etc/apt/')),
  )
  const stays = named.find((one) => !one.buildOnly)
  return configures && stays ? `${stays.name} comes from a package source that it sets up` : null
}

/** True for a RUN that only the builder can carry out. */
export function needsBuilder({ commands, facts }: RoledRun): boolean {
  if (commands === null) return installs.test(facts.instruction.rest)
  return commands.some(({ role }) => role.kind === 'prepared' || role.kind === 'tool')
}
