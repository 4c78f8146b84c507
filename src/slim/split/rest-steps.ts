import { applyEdits, type Edit } from '../../dockerfile/index.ts'
import type { Facts, InstructionFacts, RunCommand, StageFacts } from '../facts/index.ts'
import { editedSlice, leavesNothing, withoutCommands } from '../rewrite/index.ts'
import type { NamedPackage } from '../system/index.ts'
import type { Refusal, Step } from '../types.ts'
import { refused } from './refused.ts'
import type { RunText } from './run-text.ts'
import type { Survey } from './survey.ts'
import type { RoledRun } from './types.ts'

/**
 * What changes after the cut: RUN lines that clean up tools which are not there any more go, and those that install
 * packages do it without recommended ones and without leaving lists. Everything else stays as it is.
 */
export function restSteps({
  facts,
  stage,
  survey,
  text,
}: {
  readonly facts: Facts
  readonly stage: StageFacts
  readonly survey: Survey
  readonly text: RunText
}): readonly Step[] | Refusal {
  const steps: Step[] = []
  for (const [index, one] of stage.instructions.entries()) {
    const run = survey.runs.get(index)
    if (index <= survey.cut || !run?.commands) continue
    const named = survey.named.filter((two) => two.instruction === index)
    const changed = restText(run, one, named, text)
    if (changed === undefined)
      return refused(one, facts, 'its commands cannot be separated from each other')
    if (changed === 'same') continue
    steps.push({
      instruction: index,
      builder: 'keep',
      runtime: changed === null ? [] : [{ kind: 'text', text: changed }],
    })
  }
  return steps
}

function restText(
  run: RoledRun,
  { instruction }: InstructionFacts,
  named: readonly NamedPackage[],
  { dockerfile }: RunText,
): string | null | undefined | 'same' {
  const roled = run.commands ?? []
  const commands = roled.map((one) => one.command)
  const installs = named.some((one) => !one.buildOnly)
  const upkeep = new Set(
    roled.filter(({ role }) => role.kind === 'upkeep').map((one) => one.command),
  )
  const leaves = (command: RunCommand): boolean =>
    upkeep.has(command) ||
    command.system?.kind === 'remove' ||
    (command.system?.kind === 'install' && allBuildOnly(command, named)) ||
    (!installs &&
      command.system !== null &&
      command.system.kind !== 'upgrade' &&
      !cleansFiles(command))
  const idle = (command: RunCommand): boolean =>
    leaves(command) || cleansFiles(command) || /^(?:set|cd|export|true|:)$/.test(command.name)
  const gone = commands.some(leaves)
  if (leavesNothing(commands, idle)) return gone ? null : 'same'
  const removed = withoutCommands(commands, leaves)
  if (!removed) return undefined
  const tidy = installs
    ? tidyEdits(
        commands.filter((one) => !leaves(one)),
        named,
        dockerfile.text,
      )
    : []
  const edits = [...removed, ...tidy]
  return edits.length === 0
    ? 'same'
    : editedSlice(dockerfile.text, instruction.range, edits, applyEdits)
}

function allBuildOnly(command: RunCommand, named: readonly NamedPackage[]): boolean {
  const { system } = command
  if (system?.kind !== 'install' || system.packages === null) return false
  const stays = new Set(named.filter((one) => !one.buildOnly).map((one) => one.name))
  return system.packages.every((one) => !stays.has(one.name))
}

/** `rm` of caches. */
function cleansFiles({ name, system }: RunCommand): boolean {
  return name === 'rm' && system?.kind === 'clean'
}

/** Build tools off the install lines, no recommended packages, no lists left. */
function tidyEdits(
  commands: readonly RunCommand[],
  named: readonly NamedPackage[],
  text: string,
): readonly Edit[] {
  const buildOnly = new Set(named.filter((one) => one.buildOnly).map((one) => one.text))
  const edits: Edit[] = []
  for (const { system, words } of commands) {
    if (system?.kind !== 'install') continue
    for (const [index, word] of words.entries()) {
      const before = words[index - 1]
      if (before && word.value !== null && buildOnly.has(word.value))
        edits.push({ range: { start: before.range.end, end: word.range.end }, text: '' })
    }
    const verb = words.find((word) => word.text === 'install')
    if (verb && !words.some((word) => word.text === '--no-install-recommends')) {
      const end = verb.range.end
      edits.push({ range: { start: end, end }, text: ' --no-install-recommends' })
    }
  }
  const last = commands.at(-1)
  const tidied = commands.some((one) =>
    one.words.some((word) => word.text.includes('/var/lib/apt/lists')),
  )
  const apt = commands.some((one) => one.system !== null && one.name.startsWith('apt'))
  if (last && apt && !tidied && text !== '')
    edits.push({
      range: { start: last.range.end, end: last.range.end },
      text: ' && rm -rf /var/lib/apt/lists/*',
    })
  return edits
}
