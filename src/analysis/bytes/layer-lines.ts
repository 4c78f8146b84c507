import { type Dockerfile, type Instruction, stagesOf } from '../../dockerfile/index.ts'
import type { ImageConfig } from '../../image/index.ts'

/**
 * The instruction that made each layer, as an index into `instructions` of the file; null for what the base brought.
 * History is matched from its end against the stage that was built, through the stages it is FROM: every instruction
 * but FROM and ARG leaves one entry. Where they do not fit, what is left is the base's.
 * @param target name or index of the stage; the last one unless given
 */
export function layerLines(
  dockerfile: Dockerfile,
  { history }: ImageConfig,
  target?: string,
): readonly (number | null)[] {
  const wanted = chain(dockerfile, target)
  const makers: (number | null)[] = history.map(() => null)
  let at = wanted.length - 1
  for (let entry = history.length - 1; entry >= 0 && at >= 0; entry -= 1) {
    const index = wanted[at]
    const instruction = index === undefined ? undefined : dockerfile.instructions[index]
    if (!instruction || !fits(instruction, history[entry]?.created_by ?? '')) break
    makers[entry] = index ?? null
    at -= 1
  }
  return makers.filter((_, entry) => history[entry]?.empty_layer !== true)
}

/** Indexes of the instructions that leave an entry in the history, of the stage and of those it is FROM. */
function chain(dockerfile: Dockerfile, target: string | undefined): readonly number[] {
  const { stages } = stagesOf(dockerfile)
  const named = (name: string): number =>
    stages.findIndex((stage) => stage.name === name.toLowerCase())
  const numbered = (name: string): number =>
    /^\d+$/.test(name) && Number(name) < stages.length ? Number(name) : -1
  let index = stages.length - 1
  if (target !== undefined) index = Math.max(named(target), numbered(target))
  const out: number[] = []
  // A stage may only be FROM an earlier one, so this ends.
  while (index >= 0) {
    const stage = stages[index]
    if (!stage) break
    const own = stage.instructions.filter(({ kind }) => kind !== 'from' && kind !== 'arg')
    out.unshift(...own.map((instruction) => dockerfile.instructions.indexOf(instruction)))
    const parent = named(stage.from.image.text)
    index = parent < index ? parent : -1
  }
  return out
}

/** `RUN /bin/sh -c pip …`, `COPY a b # buildkit`, or Docker's older `/bin/sh -c #(nop)  CMD …` and `/bin/sh -c pip …`. */
function fits({ keyword }: Instruction, createdBy: string): boolean {
  const nop = /^\/bin\/sh -c #\(nop\)\s+([A-Z]+)/.exec(createdBy)?.[1]
  const word = nop ?? /^(?:\|\d+ .*)?\s*([A-Z]+)\b/.exec(createdBy)?.[1] ?? 'RUN'
  return word === keyword.toUpperCase()
}
