import { type StageFacts, type SystemRelease, suiteOf } from '../facts/index.ts'
import type { PlanInput, Refusal } from '../types.ts'
import { families, type Relative } from './families.ts'
import { parseBase } from './reference.ts'

/** The base of the runtime stage: what FROM says, and what that expands to. */
export type ChosenBase = {
  readonly text: string
  readonly reference: string
  /** `same` when the fat image starts from it already. */
  readonly kind: 'lean' | 'same'
  /** What a reader should know of the choice, one sentence each. */
  readonly notes: readonly string[]
}

/** The lean relative of a base image in its family, or why there is none. Pure text: no tag is looked up. */
export function leanRelative(
  reference: string,
  system: SystemRelease,
  suite: string | null = null,
): Relative {
  const base = parseBase(reference)
  const family = Object.hasOwn(families, base.image) ? families[base.image] : undefined
  if (!family) return { kind: 'none', why: `${base.image} is no base that jettison knows` }
  if (base.digest !== null && base.tag === null)
    return {
      kind: 'none',
      why: 'the base is named by digest only, so its lean relative cannot be told',
    }
  return family(base, system, suite)
}

/**
 * The base of the runtime stage: same family, same release, the user's form of the tag (`3.11` → `3.11-slim`). A
 * release that the user did not write is added only when the unsuffixed tags of both lead to different ones.
 */
export function chooseBase(
  { facts, leanBaseTree }: PlanInput,
  stage: StageFacts,
): ChosenBase | Refusal {
  const { digest } = parseBase(stage.reference)
  const leanSuite = leanBaseTree ? suiteOf(leanBaseTree) : null
  const skewed = leanSuite !== null && facts.suite !== null && leanSuite !== facts.suite
  const relative = leanRelative(stage.reference, facts.system, skewed ? facts.suite : null)
  if (relative.kind === 'none')
    return {
      code: 'unsupported-base',
      message: relative.why,
      details: [
        `FROM ${stage.reference}`,
        `jettison knows the lean relatives of ${Object.keys(families).join(', ')}`,
      ],
    }
  const { reference } = relative
  return {
    text: withVariables(stage.stage.from.image.text, stage.reference, reference),
    reference,
    kind: relative.kind,
    notes: [
      ...(skewed && reference.includes(facts.suite)
        ? [`the tag names ${facts.suite}, because the unsuffixed slim tag is ${leanSuite} by now`]
        : []),
      ...(digest === null
        ? []
        : ['the digest of the fat base says nothing about the lean one, which is named by tag']),
    ],
  }
}

/**
 * The new reference as FROM should say it: the variables of the old word stay where the change does not touch them
 * (`python:${V}` becomes `python:${V}-slim`); else the reference itself.
 */
export function withVariables(word: string, expanded: string, wanted: string): string {
  if (!word.includes('$') || parseBase(expanded).tag === null) return wanted
  const head = common(expanded, wanted)
  const tail = expanded.slice(head)
  if (word.endsWith(tail)) return word.slice(0, word.length - tail.length) + wanted.slice(head)
  const end = common(reversed(tail), reversed(wanted.slice(head)))
  const changed = expanded.slice(0, expanded.length - end)
  return word.startsWith(changed)
    ? wanted.slice(0, wanted.length - end) + word.slice(changed.length)
    : wanted
}

function common(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return at
}

function reversed(text: string): string {
  return [...text].reverse().join('')
}
