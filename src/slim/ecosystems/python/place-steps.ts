import type { StageFacts } from '../../facts/index.ts'
import { lineBreakOf } from '../../rewrite/index.ts'
import { producedBy } from '../../system/index.ts'
import type { PlanInput, Refusal, RuntimePiece, Step } from '../../types.ts'
import type { PipSource } from './pip-source.ts'
import { restSteps } from './rest-steps.ts'
import { type RunText, sourcesOf } from './run-steps.ts'
import { refused, sharedSteps } from './steps.ts'
import type { Survey } from './survey.ts'

export type Placed = {
  readonly names: { readonly builder: string; readonly runtime: string }
  readonly shared: readonly Step[]
  readonly rest: readonly Step[]
}

/** Decides for every instruction what the builder and what the runtime gets. */
export function placeSteps(input: PlanInput, stage: StageFacts, survey: Survey): Placed | Refusal {
  const { facts } = input
  const names = stageNames(stage)
  const text: RunText = {
    dockerfile: facts.dockerfile,
    eol: lineBreakOf(facts.dockerfile.text),
    builder: names.builder,
    wheelDir: wheelDirs(survey),
  }
  const shared = sharedSteps({
    facts,
    stage,
    runs: survey.runs,
    cut: survey.cut,
    text,
    producedBy: (index) => copies(input, stage, survey, index),
  })
  if ('code' in shared) return shared
  const rest = restSteps({ facts, stage, survey, text })
  return 'code' in rest ? rest : { names, shared, rest }
}

/** The user's own name stays with the last stage, so that `--target` keeps its meaning. */
function stageNames({ stage }: StageFacts): { readonly builder: string; readonly runtime: string } {
  const own = stage.from.as?.text
  if (own === undefined) return { builder: 'builder', runtime: 'runtime' }
  return own.toLowerCase() === 'builder'
    ? { builder: own, runtime: 'runtime' }
    : { builder: 'builder', runtime: own }
}

/** One directory for all; an install by file gets its own when there are others, or it would install theirs as well. */
function wheelDirs({ runs }: Survey): (source: PipSource) => string {
  const all = [...runs.values()].flatMap((run) => sourcesOf(run.commands ?? []))
  return (source) =>
    source.byFile === null || all.length === 1 ? '/wheels' : `/wheels/${all.indexOf(source) + 1}`
}

const maxCopies = 8

/** COPY lines for what a RUN made with tools that the runtime does not have. */
function copies(
  { facts, fatTree, fatDb }: PlanInput,
  stage: StageFacts,
  { named }: Survey,
  index: number,
): readonly RuntimePiece[] | Refusal {
  const one = stage.instructions[index]
  if (one?.instruction.kind !== 'run') return []
  if (one.layer === null)
    return refused(one, facts, 'what it made cannot be told from the layers of the image')
  const { directories, files } = producedBy(fatTree, fatDb, one.layer)
  const source = [...directories, ...files].find((path) => path.startsWith('/etc/apt/'))
  if (source !== undefined && named.some(({ buildOnly }) => !buildOnly))
    return refused(one, facts, `it adds a package source (${source})`)
  const { builder } = stageNames(stage)
  const byParent = new Map<string, string[]>()
  for (const path of files.filter((one) => !one.startsWith('/etc/apt/'))) {
    const parent = path.slice(0, path.lastIndexOf('/') + 1)
    byParent.set(parent, [...(byParent.get(parent) ?? []), path])
  }
  if (directories.length + byParent.size > maxCopies)
    return refused(one, facts, `it leaves files in ${directories.length + byParent.size} places`)
  const lines = [
    ...directories.map((dir) => `COPY --from=${builder} ${dir} ${dir}`),
    ...[...byParent].map(
      ([parent, paths]) => `COPY --from=${builder} ${paths.join(' ')} ${parent}`,
    ),
  ]
  const libraries = files.some((path) => /^\/usr\/local\/lib\/[^/]+\.so/.test(path))
  return [...lines, ...(libraries ? ['RUN ldconfig'] : [])].map((text) => ({ kind: 'text', text }))
}
