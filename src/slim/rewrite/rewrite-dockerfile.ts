import {
  applyEdits,
  type Dockerfile,
  type Edit,
  type Instruction,
  type Stage,
  stagesOf,
} from '../../dockerfile/index.ts'
import type { Plan, RuntimePiece, Step } from '../types.ts'
import { aptRun } from './apt-run.ts'
import { blockOf, gapIsBlank, removal } from './blocks.ts'

/**
 * The Dockerfile of a plan. Every comment, blank line and instruction that the plan leaves alone stays byte for byte;
 * the same plan gives the same bytes.
 */
export function rewriteDockerfile(dockerfile: Dockerfile, plan: Plan): string {
  const { stages } = stagesOf(dockerfile)
  const stage = stages.at(-1)
  if (!stage) return dockerfile.text
  const eol = lineBreakOf(dockerfile.text)
  return applyEdits(dockerfile.text, [
    ...syntaxEdit(dockerfile, eol),
    ...nameEdit(stage, plan.builder.name),
    ...builderEdits(dockerfile, stage, plan),
    runtimeEdit(dockerfile, stage, plan, eol),
    ...plan.rest.flatMap((step) => restEdits(dockerfile, stage, step, plan, eol)),
  ])
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

/** The second FROM and what follows it, put after the last line of the builder. */
function runtimeEdit(dockerfile: Dockerfile, stage: Stage, plan: Plan, eol: string): Edit {
  const last = stage.instructions[plan.shared.at(-1)?.instruction ?? -1] ?? stage.from
  const { end, broken } = blockOf(dockerfile, last)
  const tail = (plan.builder.end ?? []).map((text) => `${text}${eol}`)
  const parts = [broken ? '' : eol, ...tail, eol, fromLine(stage, plan), eol]
  let blank = false
  for (const step of plan.shared) {
    const instruction = stage.instructions[step.instruction]
    if (!instruction) continue
    blank ||= gapIsBlank(dockerfile, stage, step.instruction)
    for (const text of step.runtime.flatMap((piece) =>
      pieceText(piece, { dockerfile, instruction, step, plan, eol }),
    )) {
      parts.push(blank ? eol : '', text, eol)
      blank = false
    }
  }
  const text = parts.join('')
  return {
    range: { start: end, end },
    text: broken ? text : text.slice(0, -eol.length),
  }
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
      if (plan.runtimePackages.length === 0 && !plan.upgradesSystem) return []
      const keyword = instruction.keyword === instruction.keyword.toLowerCase() ? 'run' : 'RUN'
      const { runtimePackages: packages, upgradesSystem: upgrade } = plan
      return [aptRun({ packages, upgrade, keyword, continuation: dockerfile.escape, eol })]
    }
    default:
      return piece satisfies never
  }
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
