import { readElfAt } from '../../../analysis/index.ts'
import { isForPeople } from '../../../shell/index.ts'
import { chooseBase } from '../../bases/index.ts'
import type { StageFacts } from '../../facts/index.ts'
import { refuseLean } from '../../gate/index.ts'
import { type Found, leanBaseOf, splitPlan } from '../../split/index.ts'
import type { PlanInput, Planned, ProjectInput, Refusal } from '../../types.ts'
import type { Ecosystem } from '../types.ts'
import { type Artifacts, artifactsOf } from './artifacts.ts'
import { cacheEdits } from './cache-mounts.ts'
import { claimFor } from './claims.ts'
import { dataNeeds } from './data-needs.ts'
import { keepsOf } from './keeps.ts'
import type { Language } from './language.ts'
import { roleIn } from './roles.ts'

/** The ecosystem of a compiled language: the builder is the fat text, the runtime has what the build made. */
export function compiledEcosystem(
  language: Language,
  leftovers: Ecosystem['leftovers'] = [],
): Ecosystem {
  return {
    name: language.name,
    claims: (project) => claimFor(project, language),
    base: (input) => chooseBase(input, stageOf(input)),
    plan: (input) => compiledPlan(input, language),
    leftovers,
  }
}

/** Splits a project of a compiled language. */
export function compiledPlan(input: PlanInput, language: Language): Planned {
  const stage = stageOf(input)
  const base = chooseBase(input, stage)
  if ('code' in base) return { kind: 'refusal', refusal: base }
  const artifacts = artifactsOf(input)
  const compiling = refuseWhenRun(artifacts, language)
  if (compiling) return { kind: 'refusal', refusal: compiling }
  const keeps = keepsOf(input, stage, artifacts)
  const { dockerfile } = input.facts
  return splitPlan(input, {
    ecosystem: language.name,
    base,
    role: roleIn(input, keeps),
    keeps,
    builderEdits: (_index, at) => cacheEdits(dockerfile, at, language),
    packages: dataNeeds(input, artifacts, leanBaseOf(input, { base })),
    buildOnly: isForPeople,
    runtimeStart: (builder) => toolChainLibraries(input, artifacts, builder),
    refuse: (found) =>
      base.kind === 'same' ? (refuseLean(input, stage.reference) ?? nothingMade(found)) : null,
  })
}

/**
 * GCC's own image has a libstdc++ that is newer than the system's (`/usr/local/lib64`): it comes along under the name by
 * which it is loaded, to where every Debian's loader looks first.
 */
function toolChainLibraries(
  { fatTree: tree }: PlanInput,
  { ofToolChain }: Artifacts,
  builder: string,
): readonly string[] {
  if (ofToolChain.length === 0) return []
  const names = ofToolChain.map((path) => {
    const name = readElfAt(tree, path)?.soname
    return name === undefined ? path : `${path.slice(0, path.lastIndexOf('/') + 1)}${name}`
  })
  return [`COPY --from=${builder} ${names.join(' ')} /usr/local/lib/`, 'RUN ldconfig']
}

function stageOf({ facts }: ProjectInput): StageFacts {
  const stage = facts.stages.at(-1)
  if (!stage) throw new TypeError('planned without a stage')
  return stage
}

function refuseWhenRun({ started }: Artifacts, { whenRun, what }: Language): Refusal | null {
  const found = started.find(({ name, arguments: words }) =>
    whenRun.command.test([name.slice(name.lastIndexOf('/') + 1), ...words].join(' ')),
  )
  if (!found) return null
  const line = [found.name, ...found.arguments].join(' ')
  return {
    code: 'compiler-needed-at-runtime',
    message: `the image compiles when it starts, so the tools of ${what ?? 'its build'} cannot be left behind`,
    details: [`it starts: ${line}`, whenRun.advice],
  }
}

function nothingMade({ kept }: Found): Refusal | null {
  if (kept.length > 0) return null
  return {
    code: 'unsupported-step',
    message: 'nothing that the build made is left in the image',
    details: ['no file above the base belongs to the app'],
  }
}
