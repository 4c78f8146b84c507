import { applyEdits, type Edit } from '../../dockerfile/index.ts'
import {
  type InstructionFacts,
  type RunCommand,
  resolveDir,
  type StageFacts,
} from '../facts/index.ts'
import {
  editedSlice,
  leavesNothing,
  lineBreakOf,
  mountEdit,
  withoutCommands,
} from '../rewrite/index.ts'
import type { PlanInput, Step } from '../types.ts'

/** A directory that one COPY brings and pip installs from. */
type WheelCopy = {
  readonly index: number
  readonly from: string
  readonly source: string
  readonly target: string
}

/**
 * Wheels that are copied from another stage, installed, and perhaps removed: the layer keeps them. They are mounted for
 * the installing RUN instead, and the COPY and the removal go.
 */
export function wheelSteps({ facts }: PlanInput, stage: StageFacts): readonly Step[] {
  const copies = stage.instructions.flatMap((one, index) => wheelCopy(one, index) ?? [])
  const used = copies.filter((copy) => installsFrom(stage, copy))
  if (used.length === 0) return []
  const { dockerfile } = facts
  const steps = new Map<number, Step>()
  for (const { index } of used)
    steps.set(index, { instruction: index, builder: 'keep', runtime: [] })
  for (const [index, { run, before, instruction }] of stage.instructions.entries()) {
    if (instruction.kind !== 'run' || !run?.commands) continue
    const mine = used.filter((copy) => copy.index < index)
    const removes = (command: RunCommand): boolean =>
      mine.some((copy) => removesOnly(command, copy, before.workdir))
    const mounts = mine.filter((copy) =>
      run.commands?.some((one) => isInstallFrom(one, copy, before.workdir)),
    )
    if (mounts.length === 0 && !run.commands.some(removes)) continue
    const removed = withoutCommands(run.commands, removes)
    if (!removed) return []
    const gone = mounts.length === 0 && leavesNothing(run.commands, removes)
    const edits: readonly Edit[] = [
      ...removed,
      ...mountEdit(dockerfile, instruction, mounts.map(mountFlag), lineBreakOf(dockerfile.text)),
    ]
    const text = editedSlice(dockerfile.text, instruction.range, edits, applyEdits)
    steps.set(index, {
      instruction: index,
      builder: 'keep',
      runtime: gone ? [] : [{ kind: 'text', text }],
    })
  }
  return [...steps.values()].sort((a, b) => a.instruction - b.instruction)
}

function wheelCopy({ instruction, before }: InstructionFacts, index: number): WheelCopy | null {
  const from = instruction.flags.find((flag) => flag.name === 'from')?.value ?? null
  if (instruction.kind !== 'copy' || from === null || instruction.sources.length !== 1) return null
  const source = resolveDir(
    '/',
    (instruction.sources[0]?.text ?? '').replace(/\/(?:\*(?:\.whl)?)?$/, ''),
  )
  const target = resolveDir(before.workdir, instruction.destination.text)
  return /[*?[$]/.test(source) || target === '/' ? null : { index, from, source, target }
}

function installsFrom({ instructions }: StageFacts, copy: WheelCopy): boolean {
  return instructions.some(
    ({ run, before }, index) =>
      index > copy.index && run?.commands?.some((one) => isInstallFrom(one, copy, before.workdir)),
  )
}

/** `pip install /wheels/*`, `--find-links=/wheels`, `-f wheels`. */
function isInstallFrom(
  { name, words, directory }: RunCommand,
  { target }: WheelCopy,
  workdir: string,
): boolean {
  const texts = words.map((one) => (one.value ?? one.text).replace(/^--[\w-]+=/, ''))
  if (!/^(?:pip|python)[\d.]*$/.test(name) || !texts.includes('install')) return false
  const here = resolveDir(workdir, directory ?? '')
  const named = texts.some((text) => {
    const path = resolveDir(here, text)
    return !text.startsWith('-') && (path === target || path.startsWith(`${target}/`))
  })
  return (
    named &&
    (texts.some((text) => /\.whl$|\/\*$/.test(text)) ||
      words.some((one) => /^(?:--find-links|-f)\b/.test(one.text)))
  )
}

function removesOnly({ name, words }: RunCommand, { target }: WheelCopy, workdir: string): boolean {
  const paths = words.slice(1).filter((one) => !one.text.startsWith('-'))
  return (
    name === 'rm' &&
    paths.length > 0 &&
    paths.every((one) => {
      const path = resolveDir(workdir, one.value ?? one.text)
      return path === target || path.startsWith(`${target}/`)
    })
  )
}

function mountFlag({ from, source, target }: WheelCopy): string {
  return `--mount=type=bind,from=${from},source=${source},target=${target}`
}
