import { executablesOf, type PythonDistribution } from '../../../analysis/index.ts'
import { type ChosenBase, chooseBase } from '../../bases/index.ts'
import type { Facts } from '../../facts/index.ts'
import { refuseCompiler, refuseLean } from '../../gate/index.ts'
import { leanBaseOf, type Owner, type Recipe, splitPlan } from '../../split/index.ts'
import { openedNeeds } from '../../system/index.ts'
import type { PlanInput, Planned, ProjectInput, Refusal } from '../../types.ts'
import type { Claim, Ecosystem } from '../types.ts'
import { refuseSlimBase } from './benefit.ts'
import { environmentRecipe } from './environment.ts'
import { type PythonEvidence, pythonEvidence } from './evidence.ts'
import { frontEndRecipe } from './front-end.ts'
import type { Requirement } from './requirements.ts'
import { type Wheels, wheelsOf } from './wheels.ts'

/** pip with requirements files or requirements on the command line, on the official images. */
export const python: Ecosystem = {
  name: 'python',
  claims,
  base,
  plan,
  leftovers: [
    {
      path: /^\/(?:root|home\/[^/]+)\/\.(?:local\/(?:share\/(?:pypoetry|pipx|virtualenv|virtualenvs$)|pipx|bin\/(?:poetry|pipx|uvx?|pdm|hatch)$)|poetry|config\/pypoetry)(?:\/|$)/,
      what: 'an installer with an environment of its own',
      when: 'always',
    },
  ],
}

/** Installers that pip does not know, by the command that calls them. */
const otherInstallers =
  /\b(poetry|pipenv|pdm|uv|conda|mamba|micromamba|hatch)\s+(?:install|sync|pip|env|add|run|create)\b/

const pipInstall = /\bpip[\d.]*["']?,?\s[^;&|]*\binstall\b/

/** Programs that a Python app is started by, besides the interpreter itself. */
const starters =
  /(?:^|\/)(?:python|pypy|gunicorn|uvicorn|uwsgi|celery|flask|hypercorn|daphne)[\d.]*$/

function claims({ facts, fatTree }: ProjectInput): Claim | null {
  const texts = runTexts(facts)
  const installs = texts.some((text) => pipInstall.test(text) || otherInstallers.test(text))
  const starter = executablesOf(facts.config, fatTree).find(
    ({ origin, name, path }) =>
      origin === 'start' && (starters.test(name) || starters.test(path ?? '')),
  )
  const because = [
    ...(installs ? ['a RUN installs Python packages'] : []),
    ...(starter ? [`the image starts ${starter.name}`] : []),
  ]
  if (because.length === 0) return null
  return { confidence: because.length === 2 ? 1 : 0.7, because: because.join(', ') }
}

function runTexts(facts: Facts): readonly string[] {
  return (facts.stages.at(-1)?.instructions ?? []).flatMap(({ instruction }) =>
    instruction.kind === 'run'
      ? [`${instruction.rest} ${instruction.heredocs.map((one) => one.content).join(' ')}`]
      : [],
  )
}

function base(input: PlanInput): ChosenBase | Refusal {
  const stage = input.facts.stages.at(-1)
  if (!stage) throw new TypeError('planned without a stage')
  return chooseBase(input, stage)
}

/**
 * Wheels where pip installs into the base's own Python, since they leave nothing else behind; the environment as it is
 * for every other installer, for virtual environments, and where a RUN cannot be taken apart.
 */
function plan(input: PlanInput): Planned {
  const chosen = base(input)
  if ('code' in chosen) return { kind: 'refusal', refusal: chosen }
  const evidence = pythonEvidence(input)
  const wheels = wheelsOf(input)
  if (usesWheels(input.facts, evidence)) {
    const planned = splitPlan(input, {
      ...commonRecipe(input, chosen, evidence, wheels),
      ...frontEndRecipe(input, evidence, wheels.role),
      prepare: wheels.prepare,
    })
    if (planned.kind === 'plan' || !ofForm.has(planned.refusal.code)) return planned
  }
  if (evidence.distributions.length === 0) return { kind: 'refusal', refusal: unclaimed() }
  const environment = environmentRecipe(input, evidence)
  return splitPlan(input, {
    ...commonRecipe(input, chosen, evidence, wheels),
    ...environment,
    ...frontEndRecipe(input, evidence, environment.role),
  })
}

const ofForm: ReadonlySet<Refusal['code']> = new Set(['unsupported-step', 'unsupported-ecosystem'])

function usesWheels(facts: Facts, { environments, distributions }: PythonEvidence): boolean {
  const texts = runTexts(facts)
  const virtual = environments.some(
    (one) =>
      !/^\/usr(?:\/local)?$/.test(one.prefix) &&
      one.distributions.some((two) => distributions.includes(two)),
  )
  // A stage that others are FROM stays as it is, so nothing in it can be turned into wheels.
  return (
    facts.chain.length === 1 &&
    !virtual &&
    texts.some((text) => pipInstall.test(text)) &&
    !texts.some(needsEnvironment)
  )
}

/** Installers that pip does not know, and builds in the runtime's own environment. */
function needsEnvironment(text: string): boolean {
  return otherInstallers.test(text) || /\bcompilemessages\b/.test(text)
}

/** What both styles share. */
function commonRecipe(
  input: PlanInput,
  chosen: ChosenBase,
  evidence: PythonEvidence,
  wheels: Wheels,
): Recipe {
  const { facts, fatTree: tree, fatDb: db } = input
  const { config } = facts
  const { distributions, sources, files } = evidence
  const requirements = (): readonly Requirement[] =>
    wheels.sources().flatMap((one) => one.requirements)
  const lean = leanBaseOf(input, { base: chosen })
  return {
    ecosystem: python.name,
    base: chosen,
    ...(evidence.interpreter === undefined ? {} : { host: evidence.interpreter }),
    opened: openedNeeds({ config, tree, db, lean, distributions, sources, files }),
    ownerOf: (path) => ownerOf(path, distributions, requirements()),
    needsVersionControl: () => readsVersionControl(facts, requirements()),
    notes: () =>
      wheels
        .sources()
        .flatMap(({ byFile }) =>
          byFile === null ? [] : [`wheels are installed by file, because ${byFile}`],
        ),
    refuse: (found) => {
      const compiler = refuseCompiler({
        ...{ config, tree, kept: found.kept },
        requirements: requirements(),
      })
      if (compiler) return compiler
      const idle = refuseSlimBase({ base: chosen, evidence, requirements: requirements(), found })
      const stage = facts.stages.at(-1)
      return idle && chosen.kind === 'same' && stage
        ? (refuseLean(input, stage.reference) ?? idle)
        : idle
    },
  }
}

function unclaimed(): Refusal {
  return {
    code: 'unsupported-ecosystem',
    message: 'no way of splitting this kind of Python project is known yet',
    details: ['python: the image has no Python package above its base'],
  }
}

/** The distribution that lists a file, and the requirement that asked for it. */
function ownerOf(
  path: string,
  distributions: readonly PythonDistribution[],
  requirements: readonly Requirement[],
): Owner {
  const owner = distributions.find((one) => one.files.includes(path))
  if (!owner) return { distribution: null, requirement: null }
  const asked = requirements.find((one) => one.name === owner.key)
  return { distribution: `${owner.name} ${owner.version}`, requirement: asked?.at ?? null }
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
