import {
  applyEdits,
  type Dockerfile,
  type Edit,
  type Instruction,
  type Stage,
  stagesOf,
} from '../../dockerfile/index.ts'
import type { Plan, RuntimePiece, Step } from '../types.ts'
import { blockOf, gapIsBlank, removal } from './blocks.ts'
import { systemRun } from './system-run.ts'

/**
 * The Dockerfile of a plan. Every comment, blank line and instruction that the plan leaves alone stays byte for byte;
 * the same plan gives the same bytes.
 */
export function rewriteDockerfile(dockerfile: Dockerfile, plan: Plan): string {
  const chain = chainOf(dockerfile, plan)
  if (!chain) return dockerfile.text
  const eol = lineBreakOf(dockerfile.text)
  return applyEdits(dockerfile.text, [
    ...syntaxEdit(dockerfile, eol),
    ...(chain.next === undefined && !plan.inPlace
      ? nameEdit(chain.builder, plan.builder.name)
      : []),
    ...(chain.stages.length === 1 ? builderEdits(dockerfile, chain.whole, plan) : []),
    ...runtimeEdits(dockerfile, chain, plan, eol),
    ...plan.rest.flatMap((step) => restEdits(dockerfile, chain.whole, step, plan, eol)),
  ])
}

/** The stages that make the image, and where the runtime begins. */
type Chain = {
  readonly stages: readonly Stage[]
  /** All of them as one stage. */
  readonly whole: Stage
  /** The stage that the builder ends in. */
  readonly builder: Stage
  /** The stage after it, which becomes the runtime; undefined when the builder ends in the last one. */
  readonly next: Stage | undefined
}

function chainOf(dockerfile: Dockerfile, plan: Plan): Chain | undefined {
  const all = stagesOf(dockerfile).stages
  const stages = plan.chain.flatMap((index) => all[index] ?? [])
  const [root] = stages
  const last = stages.at(-1)
  if (!root || !last) return undefined
  const whole = { ...root, instructions: stages.flatMap((one) => one.instructions) }
  const cut = whole.instructions[plan.shared.at(-1)?.instruction ?? -1]
  const at = stages.findIndex((one) => cut !== undefined && one.instructions.includes(cut))
  const next = plan.inPlace ? last : at === -1 ? undefined : stages[at + 1]
  return { stages, whole, builder: stages[at] ?? last, next }
}

/** CR LF when the first line ends with it. */
export function lineBreakOf(text: string): string {
  return /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n'
}

/** Mounts need the BuildKit syntax; a `# syntax=` that is there already stays. */
function syntaxEdit({ text, directives }: Dockerfile, eol: string): readonly Edit[] {
  if (directives.some((one) => one.name.toLowerCase() === 'syntax')) return []
  const start = text.startsWith('\uFEFF') ? 1 : 0
  return [{ range: { start, end: start }, text: `# syntax=docker/dockerfile:1${eol}` }]
}

function nameEdit({ from }: Stage, name: string): readonly Edit[] {
  if (from.as) return from.as.text === name ? [] : [{ range: from.as.range, text: name }]
  const end = from.image.range.end
  return [{ range: { start: end, end }, text: ` ${asWord(from.keyword)} ${name}` }]
}

function asWord(keyword: string): string {
  return keyword === keyword.toLowerCase() ? 'as' : 'AS'
}

function builderEdits(dockerfile: Dockerfile, stage: Stage, plan: Plan): readonly Edit[] {
  return plan.shared.flatMap((step): readonly Edit[] => {
    if (step.builder === 'keep') return []
    if (step.builder !== 'drop') return step.builder
    const instruction = stage.instructions[step.instruction]
    return instruction ? [removal(dockerfile, instruction)] : []
  })
}

/** The second FROM and what follows it: after the last line of the builder, or in place of the next stage's FROM. */
function runtimeEdits(
  dockerfile: Dockerfile,
  { whole, builder, next }: Chain,
  plan: Plan,
  eol: string,
): readonly Edit[] {
  const last = whole.instructions[plan.shared.at(-1)?.instruction ?? -1] ?? builder.from
  const { end, broken } = blockOf(dockerfile, last)
  const tail = (plan.builder.end ?? []).map((text) => `${text}${eol}`).join('')
  const body = runtimeText(dockerfile, whole, plan, eol)
  if (next) {
    const after = blockOf(dockerfile, next.from)
    return [
      ...(tail === ''
        ? []
        : [{ range: { start: end, end }, text: broken ? tail : `${eol}${tail}` }]),
      { range: next.from.image.range, text: plan.runtime.from },
      { range: { start: after.end, end: after.end }, text: after.broken ? body : `${eol}${body}` },
    ]
  }
  const text = [broken ? '' : eol, tail, eol, fromLine(whole, plan), eol, body].join('')
  return [{ range: { start: end, end }, text: broken ? text : text.slice(0, -eol.length) }]
}

/** What the runtime gets of the shared instructions. */
function runtimeText(dockerfile: Dockerfile, whole: Stage, plan: Plan, eol: string): string {
  const parts: string[] = []
  if (plan.inPlace) {
    const keyword = whole.from.keyword === 'from' ? 'run' : 'RUN'
    const packages = packagesText(plan, keyword, dockerfile.escape, eol)
    return [...(plan.start ?? []), ...(packages === null ? [] : [packages])]
      .map((one) => `${one}${eol}`)
      .join('')
  }
  let blank = false
  for (const step of plan.shared) {
    const instruction = whole.instructions[step.instruction]
    if (!instruction) continue
    blank ||= gapIsBlank(dockerfile, whole, step.instruction)
    for (const text of step.runtime.flatMap((piece) =>
      pieceText(piece, { dockerfile, instruction, step, plan, eol }),
    )) {
      parts.push(blank ? eol : '', text, eol)
      blank = false
    }
  }
  return parts.join('')
}

function fromLine({ from }: Stage, plan: Plan): string {
  const platform = from.platform === null ? '' : ` --platform=${from.platform}`
  return `${from.keyword}${platform} ${plan.runtime.from} ${asWord(from.keyword)} ${plan.runtime.name}`
}

type PieceContext = {
  readonly dockerfile: Dockerfile
  readonly instruction: Instruction
  readonly step: Step
  readonly plan: Plan
  readonly eol: string
}

function pieceText(
  piece: RuntimePiece,
  { dockerfile, instruction, step, plan, eol }: PieceContext,
): readonly string[] {
  switch (piece.kind) {
    case 'same': {
      const { start } =
        step.builder === 'drop' ? blockOf(dockerfile, instruction) : instruction.range
      return [dockerfile.text.slice(start, instruction.range.end)]
    }
    case 'text':
      return [piece.text]
    case 'system-packages': {
      const keyword = instruction.keyword === instruction.keyword.toLowerCase() ? 'run' : 'RUN'
      const text = packagesText(plan, keyword, dockerfile.escape, eol)
      return text === null ? [] : [text]
    }
    default:
      return piece satisfies never
  }
}

function packagesText(
  { manager, runtimePackages: packages, upgradesSystem: upgrade }: Plan,
  keyword: string,
  continuation: string,
  eol: string,
): string | null {
  if (packages.length === 0 && !upgrade) return null
  return systemRun({ manager, packages, upgrade, keyword, continuation, eol })
}

/** An instruction after the cut is replaced in place, or goes with its comments. */
function restEdits(
  dockerfile: Dockerfile,
  stage: Stage,
  step: Step,
  plan: Plan,
  eol: string,
): readonly Edit[] {
  const instruction = stage.instructions[step.instruction]
  if (!instruction || step.runtime.some((piece) => piece.kind === 'same')) return []
  const texts = step.runtime.flatMap((piece) =>
    pieceText(piece, { dockerfile, instruction, step, plan, eol }),
  )
  if (texts.length === 0) return [removal(dockerfile, instruction)]
  return [{ range: instruction.range, text: texts.join(eol) }]
}
