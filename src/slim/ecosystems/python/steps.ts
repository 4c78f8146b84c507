import type { Instruction } from '../../../dockerfile/index.ts'
import {
  type Facts,
  type InstructionFacts,
  resolveDir,
  type StageFacts,
} from '../../facts/index.ts'
import type { Refusal, RuntimePiece, Step } from '../../types.ts'
import type { RoledRun } from './roles.ts'
import { builderEdits, type RunText, runtimeText, sourcesOf } from './run-steps.ts'

export type StepContext = {
  readonly facts: Facts
  readonly stage: StageFacts
  readonly runs: ReadonlyMap<number, RoledRun>
  /** Index of the last instruction that needs the builder. */
  readonly cut: number
  readonly text: RunText
  /** COPY lines that bring what a tool RUN made; a refusal when nobody knows what that is. */
  readonly producedBy: (index: number) => readonly RuntimePiece[] | Refusal
}

/** One step for each instruction up to the cut. */
export function sharedSteps(context: StepContext): readonly Step[] | Refusal {
  const { stage, cut } = context
  const steps: Step[] = []
  const marker = packagesAt(context)
  for (let index = 0; index <= cut; index++) {
    const facts = stage.instructions[index]
    if (!facts) continue
    const step = stepOf(context, facts, index)
    if ('code' in step) return step
    const block: readonly RuntimePiece[] = index === marker ? [{ kind: 'system-packages' }] : []
    steps.push({ ...step, runtime: [...block, ...step.runtime] })
  }
  return steps
}

/** Where the runtime's packages go: in place of the first apt line, and before pip or a USER that could not install. */
function packagesAt({ stage, runs, cut }: StepContext): number {
  const first = stage.instructions.findIndex(({ instruction }, index) => {
    if (instruction.kind === 'user') return true
    const commands = runs.get(index)?.commands ?? []
    return commands.some(
      ({ command, role }) => role.kind === 'dependencies' || command.system?.kind === 'install',
    )
  })
  return first === -1 ? cut : beforeCopies(stage, runs, Math.min(first, cut))
}

/** Packages change less often than requirements, so they come before what pip needs is copied. */
function beforeCopies(
  stage: StageFacts,
  runs: ReadonlyMap<number, RoledRun>,
  index: number,
): number {
  if (sourcesOf(runs.get(index)?.commands ?? []).length === 0) return index
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
        runtime: same,
      }
    default:
      return { instruction: index, builder: 'drop', runtime: same }
  }
}

function runStep(context: StepContext, facts: InstructionFacts, index: number): Step | Refusal {
  const { instruction } = facts
  const run = context.runs.get(index)
  if (instruction.kind !== 'run' || !run)
    return { instruction: index, builder: 'keep', runtime: [] }
  const commands = run.commands
  if (commands === null) return { instruction: index, builder: 'keep', runtime: [{ kind: 'same' }] }
  const kinds = new Set(commands.map(({ role }) => role.kind))
  if (kinds.has('tool')) {
    const produced = context.producedBy(index)
    return 'code' in produced
      ? produced
      : { instruction: index, builder: 'keep', runtime: produced }
  }
  const text = runtimeText(run, instruction, context.text)
  const builder =
    sourcesOf(commands).length > 0 ? builderEdits(run, instruction, context.text) : null
  if (text === undefined || builder === undefined)
    return refused(facts, context.facts, 'its commands cannot be separated from each other')
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

const forUsers = /^(?:useradd|adduser|groupadd|addgroup|usermod|passwd|chown|chmod|mkdir|id)$/
const onFiles = /^(?:sed|echo|printf|cp|mv|cat|touch|tee|ln|mkdir|rm)$/

/**
 * Users and directories of the app are the runtime's; and what runs after pip may use packages that the builder only
 * has as wheels. Anything else may prepare the build, so the builder keeps it.
 */
function builderNeedsRun(context: StepContext, run: RoledRun, index: number): boolean {
  const names = (run.commands ?? []).map(({ command }) => command.name)
  if (names.every((name) => forUsers.test(name))) return ownersAreNamed(context)
  const afterPip = [...context.runs].some(
    ([at, other]) => at < index && sourcesOf(other.commands ?? []).length > 0,
  )
  return !afterPip || names.every((name) => onFiles.test(name))
}

function ownersAreNamed({ stage, cut }: StepContext): boolean {
  return stage.instructions
    .slice(0, cut + 1)
    .some(({ instruction }) =>
      instruction.flags.some((flag) => flag.name === 'chown' && /[a-z$]/i.test(flag.value ?? '')),
    )
}

/** pip reads requirement files, and anything else that builds may read anything. */
function builderNeedsCopy(context: StepContext, facts: InstructionFacts, index: number): boolean {
  const later = [...context.runs].filter(([at]) => at > index && at <= context.cut)
  const sources = later.flatMap(([, run]) => sourcesOf(run.commands ?? []))
  const builds =
    sources.some((one) => one.requirements.some(({ kind }) => kind === 'path')) ||
    later.some(
      ([, run]) =>
        run.commands === null ||
        run.commands.some(({ role }) => role.kind === 'tool' || role.kind === 'other'),
    )
  return builds || sources.some((one) => one.files.some((file) => brings(facts, file)))
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

/** A refusal that shows the line. */
export function refused(facts: InstructionFacts, { dockerfile }: Facts, why: string): Refusal {
  const { range } = facts.instruction
  const line = dockerfile.text.slice(0, range.start).split('\n').length
  const shown = dockerfile.text.slice(range.start, range.end).split('\n')[0]?.trim() ?? ''
  return {
    code: 'unsupported-step',
    message: `line ${line} cannot be split: ${why}`,
    details: [`line ${line}: ${shown}`],
  }
}
