import type { Diagnostic } from '../../base/index.ts'
import {
  type Dockerfile,
  type Expansion,
  expandWord,
  type Instruction,
  parseTrigger,
  type Stage,
  stagesOf,
} from '../../dockerfile/index.ts'
import { compilePatterns, type Platform } from '../../image/index.ts'
import type { BaseFacts, LintInput } from '../types.ts'
import { commentsOf } from './comments.ts'
import { type Dispatch, dispatch, inherited, type StageState } from './dispatch.ts'
import { growingEnvironment, setVariable } from './environment.ts'
import { type Given, globalValues, predefinedArgs } from './globals.ts'
import { officialImage } from './official-images.ts'
import { baseProblems } from './problems.ts'
import type { LintFacts, RunReader, StageFacts } from './types.ts'
import { neededStages, withoutIdleTriggers } from './visible.ts'

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Computes what the rules read: one pass over the stages, in file order, as BuildKit dispatches them. */
export function gatherFacts(
  dockerfile: Dockerfile,
  input: LintInput,
  readRun: RunReader,
): LintFacts {
  const { globalArgs, stages } = stagesOf(dockerfile)
  // Without a prototype: an ARG may be named `constructor`.
  const given: Given = Object.assign(Object.create(null), input.args)
  const platform: Platform = input.platform ?? { os: 'linux', architecture: 'amd64' }
  const predefined = predefinedArgs(platform, input.target || (stages.at(-1)?.name ?? ''), given)
  const { escape: escapeUnit } = dockerfile
  const defaults = globalValues(predefined, globalArgs, {
    given: Object.create(null),
    escape: escapeUnit,
  })
  const globals = globalValues(predefined, globalArgs, { given, escape: escapeUnit })
  const problems: Diagnostic[] = globals.failure
    ? [
        {
          code: 'EXPANSION_FAILED',
          severity: 'error',
          message: globals.failure.message,
          range: globals.failure.instruction.range,
        },
      ]
    : []
  const context: Dispatch = { dockerfile, globals: globals.values, given, problems, readRun }
  const facts = stageFacts(context, stages, input.base ?? officialImage)
  const final = targetOf(facts, input.target)
  const needed = neededStages(facts, final)
  return {
    dockerfile,
    globalArgs,
    comments: commentsOf(dockerfile),
    stages: facts,
    visible: input.target === undefined ? withoutIdleTriggers(facts, needed) : needed,
    final,
    chain: chainOf(facts, final),
    globals: globals.values,
    defaults: defaults.failure ? null : defaults.values,
    declared: new Set(globalArgs.flatMap(({ pairs }) => pairs.map(({ key }) => key))),
    platform,
    ignore: input.ignore
      ? {
          set: compilePatterns(input.ignore),
          negated: input.ignore.some(({ negated }) => negated),
        }
      : input.ignore,
    problems: [...problems, ...baseProblems(facts)].sort((a, b) => a.range.start - b.range.start),
  }
}

function stageFacts(
  context: Dispatch,
  stages: readonly Stage[],
  baseOf: (reference: string) => BaseFacts | undefined,
): StageFacts[] {
  const ends: StageState[] = []
  const done: StageFacts[] = []
  for (const stage of stages) {
    const image = expandGlobal(context, stage.from.image.text)
    const parent = parentOf(done, image.value)
    const base = parent === null ? baseFacts(image.value, baseOf) : undefined
    const below = parent === null ? undefined : ends[parent]
    const state = below ? inherited(below) : imageState(base)
    const triggers = parent === null ? [] : triggersOf(stages[parent], stage)
    const instructions = [
      ...triggers.map((one) => dispatch(context, state, one, true)),
      ...stage.instructions.map((one) => dispatch(context, state, one, false)),
    ]
    ends.push(state)
    const platform = stage.from.platform ? expandGlobal(context, stage.from.platform) : null
    done.push({ stage, image, platform, parent, base, instructions })
  }
  return done
}

function expandGlobal(context: Dispatch, text: string): Expansion {
  return expandWord(text, (name) => context.globals.get(name), {
    escape: context.dockerfile.escape,
  })
}

/** BuildKit asks for the exact, already lower-cased name of an earlier stage; the last of equals wins. */
function parentOf(earlier: readonly StageFacts[], name: string): number | null {
  const at = earlier.findLastIndex(({ stage }) => stage.name === name)
  return at < 0 ? null : at
}

function baseFacts(
  reference: string,
  baseOf: (reference: string) => BaseFacts | undefined,
): BaseFacts | undefined {
  if (reference === 'scratch') return { env: new Map(), shell: false }
  return reference === '' ? undefined : baseOf(reference)
}

function imageState(base: BaseFacts | undefined): StageState {
  const env = growingEnvironment(null)
  for (const [name, value] of base?.env ?? []) setVariable(env, name, value)
  if (base?.env.has('PATH') !== true) setVariable(env, 'PATH', path)
  return {
    env,
    ownShell: base?.shell === true,
    workdirSet: false,
    unknownBase: base === undefined,
  }
}

/** The ONBUILD instructions of a stage run first in a stage FROM it, and are reported there. */
function triggersOf(parent: Stage | undefined, stage: Stage): Instruction[] {
  return (parent?.instructions ?? []).flatMap((instruction) => {
    if (instruction.kind !== 'onbuild') return []
    const parsed = parseTrigger(instruction.expression).value.instructions
    return parsed.map((one) => ({ ...one, range: stage.from.range, comments: [] }))
  })
}

function targetOf(stages: readonly StageFacts[], target: string | undefined): StageFacts | null {
  const named = target
    ? stages.findLast(({ stage }) => stage.name === target.toLowerCase())
    : undefined
  return named ?? stages.at(-1) ?? null
}

function chainOf(stages: readonly StageFacts[], final: StageFacts | null): StageFacts[] {
  const chain: StageFacts[] = []
  for (let at = final; at; at = at.parent === null ? null : (stages[at.parent] ?? null))
    chain.unshift(at)
  return chain
}
