import type { Instruction } from '../../dockerfile/index.ts'
import { type Facts, type InstructionFacts, resolveDir, type StageFacts } from '../facts/index.ts'
import type { Refusal, RuntimePiece, Step } from '../types.ts'
import type { Copies } from './copies.ts'
import { refused } from './refused.ts'
import { accountsText, builderEdits, preparedOf, type RunText, runtimeText } from './run-text.ts'
import { needsBuilder } from './survey.ts'
import type { Recipe, RoledRun } from './types.ts'

export type StepContext = {
  readonly facts: Facts
  readonly stage: StageFacts
  readonly runs: ReadonlyMap<number, RoledRun>
  /** Index of the last instruction that needs the builder. */
  readonly cut: number
  readonly text: RunText
  readonly copies: Copies
  readonly recipe: Recipe
  /** Instructions before all others of the runtime. */
  readonly parity: readonly string[]
}

/** One step for each instruction up to the cut. */
export function sharedSteps(context: StepContext): readonly Step[] | Refusal {
  const { stage, cut } = context
  const steps: Step[] = []
  const marker = packagesAt(context)
  const start: readonly RuntimePiece[] = [
    { kind: 'system-packages' },
    ...(context.recipe.runtimeStart?.(context.text.builder) ?? []).map(
      (text) => ({ kind: 'text', text }) as const,
    ),
  ]
  for (let index = 0; index <= cut; index++) {
    const facts = stage.instructions[index]
    if (!facts) continue
    const step = stepOf(context, facts, index)
    if ('code' in step) return step
    const before =
      index === 0 ? context.parity.map((text) => ({ kind: 'text', text }) as const) : []
    const block = index === marker ? start : []
    steps.push({ ...step, runtime: [...before, ...block, ...step.runtime] })
  }
  return steps
}

/** Where the runtime's packages go: in place of the first apt line, and before an installer or a USER that could not. */
function packagesAt(context: StepContext): number {
  const { stage, runs, cut } = context
  const first = stage.instructions.findIndex(({ instruction }, index) => {
    if (instruction.kind === 'user') return true
    const commands = runs.get(index)?.commands ?? []
    return commands.some(
      ({ command, role }) => role.kind === 'prepared' || command.system?.kind === 'install',
    )
  })
  if (first !== -1) return beforeCopies(context, Math.min(first, cut))
  const brings = stage.instructions.findIndex(({ instruction }) =>
    /^(?:run|copy|add)$/.test(instruction.kind),
  )
  return Math.min(brings, cut)
}

/** Packages change less often than requirements, so they come before what an installer needs is copied. */
function beforeCopies({ stage, runs, text }: StepContext, index: number): number {
  const run = runs.get(index)
  if (!run || preparedOf(run, text.prepare).length === 0) return index
  let at = index
  while (/^(?:copy|add|workdir)$/.test(stage.instructions[at - 1]?.instruction.kind ?? '')) at -= 1
  return at
}

function stepOf(context: StepContext, facts: InstructionFacts, index: number): Step | Refusal {
  const same: readonly RuntimePiece[] = [{ kind: 'same' }]
  const { instruction } = facts
  switch (instruction.kind) {
    case 'run':
      return runStep(context, facts, index)
    case 'env':
    case 'workdir':
    case 'shell':
      return { instruction: index, builder: 'keep', runtime: same }
    case 'arg':
      return {
        instruction: index,
        builder: 'keep',
        runtime: argIsNeeded(context, instruction, index) ? same : [],
      }
    case 'copy':
    case 'add':
      return {
        instruction: index,
        builder: builderNeedsCopy(context, facts, index) ? 'keep' : 'drop',
        runtime: context.copies.ofCopy(index),
      }
    case 'user':
      return {
        instruction: index,
        builder: buildsAfter(context, index) ? 'keep' : 'drop',
        runtime: same,
      }
    default:
      return { instruction: index, builder: 'drop', runtime: same }
  }
}

/** True when the builder has something to build later on: under the user it was built by. */
function buildsAfter({ runs, cut }: StepContext, index: number): boolean {
  return [...runs].some(
    ([at, run]) =>
      at > index && at <= cut && (run.commands ?? []).some(({ role }) => role.kind === 'tool'),
  )
}

function runStep(context: StepContext, facts: InstructionFacts, index: number): Step | Refusal {
  const { instruction } = facts
  const run = context.runs.get(index)
  if (instruction.kind !== 'run' || !run)
    return { instruction: index, builder: 'keep', runtime: [] }
  const { commands } = run
  const kinds = new Set((commands ?? []).map(({ role }) => role.kind))
  if (commands === null || kinds.has('tool')) return toolStep(context, facts, run, index)
  const text = runtimeText(run, instruction, context.text)
  const prepares = preparedOf(run, context.text.prepare).length > 0
  const builder = prepares ? builderEdits(run, instruction, context.text) : null
  if (text === undefined || builder === undefined)
    return context.text.prepare === undefined
      ? toolStep(context, facts, run, index)
      : refused(facts, context.facts, 'its commands cannot be separated from each other')
  const whole = kinds.size === 1 && kinds.has('other')
  const runtime: readonly RuntimePiece[] =
    text === null ? [] : whole ? [{ kind: 'same' }] : [{ kind: 'text', text }]
  if (builder !== null) return { instruction: index, builder, runtime }
  return {
    instruction: index,
    builder: whole && !builderNeedsRun(context, run, index) ? 'drop' : 'keep',
    runtime,
  }
}

/** The builder runs it as it is; the runtime copies what it left, and makes the accounts that it made. */
function toolStep(
  context: StepContext,
  facts: InstructionFacts,
  run: RoledRun,
  index: number,
): Step | Refusal {
  const { instruction } = facts
  const builds = needsBuilder(run)
  if (!builds && run.commands === null)
    return { instruction: index, builder: 'keep', runtime: [{ kind: 'same' }] }
  const copied = context.copies.ofRun(index)
  if ('code' in copied) return copied
  const accounts = instruction.kind === 'run' ? accountsText(run, instruction, context.text) : null
  if (accounts === undefined)
    return refused(facts, context.facts, 'it makes users, and its commands cannot be separated')
  const builder = context.recipe.builderEdits?.(index, facts) ?? 'keep'
  return {
    instruction: index,
    builder,
    runtime: [...(accounts === null ? [] : [{ kind: 'text', text: accounts } as const]), ...copied],
  }
}

const forUsers = /^(?:useradd|adduser|groupadd|addgroup|usermod|passwd|chown|chmod|mkdir|id)$/
const onFiles = /^(?:sed|echo|printf|cp|mv|cat|touch|tee|ln|mkdir|rm)$/

/**
 * Users and directories of the app are the runtime's; and what runs after an installer may use packages that the
 * builder has only prepared. Anything else may prepare the build, so the builder keeps it.
 */
function builderNeedsRun(context: StepContext, run: RoledRun, index: number): boolean {
  const names = (run.commands ?? []).map(({ command }) => command.name)
  if (names.every((name) => forUsers.test(name))) return ownersAreNamed(context)
  const afterInstall = [...context.runs].some(
    ([at, other]) => at < index && preparedOf(other, context.text.prepare).length > 0,
  )
  return !afterInstall || names.every((name) => onFiles.test(name))
}

function ownersAreNamed(context: StepContext): boolean {
  const { stage, runs, cut } = context
  const changes = [...runs].some(
    ([at, { commands }]) =>
      at <= cut &&
      (commands ?? []).some(({ role }) => role.kind === 'tool') &&
      (commands ?? []).some(({ command }) =>
        /^(?:chown|chgrp|su|gosu|runuser|sudo)$/.test(command.name),
      ),
  )
  return (
    changes ||
    stage.instructions
      .slice(0, cut + 1)
      .some(
        ({ instruction }, index) =>
          (instruction.kind === 'user' && buildsAfter(context, index)) ||
          instruction.flags.some(
            (flag) => flag.name === 'chown' && /[a-z$]/i.test(flag.value ?? ''),
          ),
      )
  )
}

/** What prepares reads the files it names, and anything else that builds may read anything. */
function builderNeedsCopy(context: StepContext, facts: InstructionFacts, index: number): boolean {
  const later = [...context.runs].filter(([at]) => at > index && at <= context.cut)
  const prepared = later.flatMap(([, run]) => preparedOf(run, context.text.prepare))
  const builds =
    prepared.some((one) => one.readsProject) ||
    later.some(
      ([, run]) =>
        run.commands === null ||
        run.commands.some(({ role }) => role.kind === 'tool' || role.kind === 'other'),
    )
  return builds || prepared.some((one) => one.reads.some((file) => brings(facts, file)))
}

/** True when a COPY may be where a file of the image comes from. */
function brings({ instruction, before }: InstructionFacts, file: string): boolean {
  if (instruction.kind !== 'copy' && instruction.kind !== 'add') return false
  const target = resolveDir(before.workdir, instruction.destination.text)
  if (target !== file && !file.startsWith(target === '/' ? '/' : `${target}/`)) return false
  const name = file.slice(file.lastIndexOf('/') + 1)
  return instruction.sources.some(({ text }) => {
    const last = text.replace(/\/+$/, '').replace(/^.*\//, '')
    return (
      target === file ||
      last === name ||
      /[*?[$]/.test(last) ||
      !/\.(?:txt|in|cfg|toml)$/.test(last)
    )
  })
}

/** ARG ends at FROM; the runtime repeats it when something there names it, or may read it from the environment. */
function argIsNeeded(
  { stage, runs, cut }: StepContext,
  instruction: Extract<Instruction, { kind: 'arg' }>,
  index: number,
): boolean {
  const names = instruction.pairs.map(({ key }) => key)
  return stage.instructions.slice(index + 1).some((facts, offset) => {
    const at = index + 1 + offset
    const commands = runs.get(at)?.commands ?? []
    if (facts.instruction.kind === 'run' && at <= cut) {
      if (!commands.some(({ role }) => role.kind === 'other')) return false
    }
    if (names.includes('DEBIAN_FRONTEND') && facts.instruction.kind === 'run') return true
    return names.some((name) => mentions(facts.instruction, name))
  })
}

function mentions(instruction: Instruction, name: string): boolean {
  const texts = [instruction.rest, ...instruction.flags.map((flag) => flag.value ?? '')]
  const bodies = instruction.heredocs.map((heredoc) => heredoc.content)
  return [...texts, ...bodies].some((text) => new RegExp(`\\b${name}\\b`).test(text))
}
