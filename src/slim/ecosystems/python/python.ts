import { formatSize } from '../../../base/index.ts'
import type { Facts } from '../../facts/index.ts'
import { estimateOf, refuseCompiler, refuseLean, refuseSmallGain } from '../../gate/index.ts'
import { parsePythonBase, slimReference } from '../../python-base.ts'
import { buildPackages } from '../../system/index.ts'
import type { Plan, PlanInput, Planned, Refusal } from '../../types.ts'
import type { Ecosystem } from '../types.ts'
import { refuseSlimBase } from './benefit.ts'
import { chooseBase } from './choose-base.ts'
import { pythonEvidence } from './evidence.ts'
import { placeSteps } from './place-steps.ts'
import type { Requirement } from './requirements.ts'
import { sourcesOf } from './run-steps.ts'
import { runtimePackages } from './runtime-packages.ts'
import { surveyRuns } from './survey.ts'

/** pip with requirements files or requirements on the command line, on the official images. */
export const python: Ecosystem = { id: 'python-pip', objection, leanBase, plan }

/** Installers that pip does not know, by the file that declares for them or the command that calls them. */
const otherInstallers =
  /\b(poetry|pipenv|pdm|uv|conda|mamba|micromamba|hatch)\s+(?:install|sync|pip|env|add|run|create)\b/

function objection({ facts }: PlanInput): string | null {
  const runs = (facts.stages.at(-1)?.instructions ?? []).flatMap(({ instruction }) =>
    instruction.kind === 'run' ? [instruction] : [],
  )
  const texts = runs.map(
    (one) => `${one.rest} ${one.heredocs.map((heredoc) => heredoc.content).join(' ')}`,
  )
  const other = texts
    .map((text) => otherInstallers.exec(text)?.[1])
    .find((name) => name !== undefined)
  if (other !== undefined) return `dependencies are installed by ${other}`
  return texts.some((text) => /\bpip[\d.]*["']?,?\s[^;&|]*\binstall\b/.test(text))
    ? null
    : 'no pip install in the Dockerfile'
}

function leanBase(facts: Facts): string | undefined {
  const base = parsePythonBase(facts.stages.at(-1)?.reference ?? '')
  return base && base.variant !== 'other' && (base.tag !== null || base.digest === null)
    ? slimReference(base)
    : undefined
}

function plan(input: PlanInput): Planned {
  const made = makePlan(input)
  return 'code' in made ? { kind: 'refusal', refusal: made } : { kind: 'plan', plan: made }
}

function makePlan(input: PlanInput): Plan | Refusal {
  const { facts, fatTree: tree, fatDb: db } = input
  const stage = facts.stages.at(-1)
  if (!stage) throw new TypeError('planned without a stage')
  const base = chooseBase(input, stage)
  if ('code' in base) return base
  const evidence = pythonEvidence(input)
  const { lean, kept } = evidence
  const survey = surveyRuns(input, stage, lean)
  if ('code' in survey) return survey
  const sources = [...survey.runs.values()].flatMap((run) => sourcesOf(run.commands ?? []))
  const requirements = sources.flatMap((source) => source.requirements)
  const compiler = refuseCompiler({ config: facts.config, tree, requirements, kept })
  if (compiler) return compiler
  const packages = runtimePackages(input, { evidence, survey, requirements })
  const tools = buildPackages(survey.named)
  const idle = refuseSlimBase({
    base,
    evidence,
    survey,
    requirements,
    tools,
    packages: packages.needed,
  })
  if (idle) return (base.variant === 'slim' ? refuseLean(input, stage.reference) : null) ?? idle
  const steps = placeSteps(input, stage, survey)
  if ('code' in steps) return steps
  const estimate = estimateOf({ tree, db, lean, kept, packages: packages.all })
  const small = refuseSmallGain(estimate)
  if (small) return small
  return {
    ecosystem: python.id,
    builder: { name: steps.names.builder },
    runtime: { name: steps.names.runtime, from: base.text, reference: base.reference },
    shared: steps.shared,
    rest: steps.rest,
    runtimePackages: packages.needed,
    buildPackages: tools,
    upgradesSystem: survey.upgradesSystem,
    needsVersionControl: readsVersionControl(facts, requirements),
    estimate,
    notes: [
      ...base.notes,
      ...sources.flatMap(({ byFile }) =>
        byFile === null ? [] : [`wheels are installed by file, because ${byFile}`],
      ),
      ...(estimate
        ? [`about ${formatSize(estimate.leanBytes)} instead of ${formatSize(estimate.fatBytes)}`]
        : []),
    ],
  }
}

/** Build back ends that ask version control for the version of a project that is built from its sources. */
const versionFromGit =
  /setuptools[-_]scm|hatch-vcs|versioneer|\bpbr\b|dunamai|poetry-dynamic-versioning/

function readsVersionControl(facts: Facts, requirements: readonly Requirement[]): boolean {
  if (!requirements.some((one) => one.kind === 'path')) return false
  return ['pyproject.toml', 'setup.cfg', 'setup.py'].some((file) =>
    versionFromGit.test(facts.context.readText(file) ?? ''),
  )
}
