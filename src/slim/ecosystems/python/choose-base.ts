import { type StageFacts, suiteOf } from '../../facts/index.ts'
import { parsePythonBase, slimReference, slimText } from '../../python-base.ts'
import type { PlanInput, Refusal } from '../../types.ts'

/** The base of the runtime stage: what FROM says, and what that expands to. */
export type ChosenBase = {
  readonly text: string
  readonly reference: string
  /** Variant of the fat base. */
  readonly variant: 'full' | 'slim'
  readonly notes: readonly string[]
}

/** The slim sibling of the fat base, in the user's form of the tag. */
export function chooseBase(
  { facts, leanBaseTree }: PlanInput,
  stage: StageFacts,
): ChosenBase | Refusal {
  const base = parsePythonBase(stage.reference)
  const refuse = (message: string, ...details: string[]): Refusal => ({
    code: 'unsupported-base',
    message,
    details: [`FROM ${stage.reference}`, ...details],
  })
  if (!base)
    return refuse(
      'the base is not the official python image',
      'jettison knows a slim sibling of python:TAG only',
    )
  if (base.variant === 'other')
    return refuse('this variant of the python image has no slim sibling with the same C library')
  if (base.digest !== null && base.tag === null)
    return refuse('the base is named by digest only, so its slim sibling cannot be told')
  const leanSuite = leanBaseTree ? suiteOf(leanBaseTree) : null
  const skewed = leanSuite !== null && facts.suite !== null && leanSuite !== facts.suite
  const reference = slimReference(base, skewed ? facts.suite : null)
  return {
    text: slimText(stage.stage.from.image.text, base, reference) ?? reference,
    reference,
    variant: base.variant,
    notes: [
      ...(skewed
        ? [`the tag names ${facts.suite}, because the unsuffixed slim tag is ${leanSuite} by now`]
        : []),
      ...(base.digest === null
        ? []
        : [
            'the digest of the full base says nothing about the slim one, so the runtime base is named by tag',
          ]),
    ],
  }
}
