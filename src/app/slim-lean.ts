import { join } from 'node:path'
import { type EventSink, type Fault, isFault, type Source } from '../base/index.ts'
import type { BuildResult } from '../build/index.ts'
import { missingFromProof, type Proof } from '../proof/index.ts'
import { dockerignoreFor, type Plan, repairPlan, withVersionControlIgnored } from '../slim/index.ts'
import { build } from './build.ts'
import { contextPaths, projectTexts } from './context-files.ts'
import { rewrite } from './plan.ts'
import type { Project } from './project.ts'
import type { ProofRequest } from './proof-request.ts'
import { proveSides } from './prove.ts'
import type { Session } from './session.ts'
import type { SlimOptions } from './slim.ts'
import { packagesOf } from './subject.ts'

/** A lean image with its Dockerfile and its proof. */
export type Lean = {
  readonly plan: Plan
  readonly text: string
  /** Made when the project has none, or lets version control into the image. */
  readonly ignoreFile: Source | null
  readonly result: BuildResult
  readonly proof: Proof
  readonly request: ProofRequest
  /** What the repair loop added and why, one line a step. */
  readonly repairs: readonly string[]
}

/** Each round changes what the proof found missing; a plan that is wrong in another way is not tried again. */
const maxRepairs = 4

type Input = {
  readonly plan: Plan
  readonly fat: BuildResult
  readonly names: { readonly fat: string; readonly lean: string }
  readonly probes: readonly string[]
}

/**
 * Builds the plan's image and proves it; while the proof names something missing that a package, a file of the builder
 * or another base provides, changes the plan and proves again. A change that does not build, or whose proof cannot be
 * made, is taken back.
 */
export async function buildLean(
  session: Session,
  options: SlimOptions,
  project: Project,
  input: Input,
): Promise<Lean> {
  let draft: Draft = {
    plan: options.amend?.(input.plan) ?? input.plan,
    ignoreFile: newIgnoreFile(project, input.plan),
    repairs: [],
  }
  const attempt = { session, options, project, input }
  let lean = await proveDraft(attempt, await buildDraft(attempt, draft))
  for (let round = 0; round < maxRepairs && lean.proof.verdict !== 'EQUIVALENT'; round += 1) {
    const next = repair(session, project, input.fat, lean)
    if (!next) break
    draft = next
    phase(session.emit, 'repair', draft.repairs.slice(lean.repairs.length).join('; '))
    let built: Built
    try {
      built = await buildDraft(attempt, draft)
    } catch (error) {
      return takenBack(lean, draft, error, () => 'it does not build')
    }
    try {
      lean = await proveDraft(attempt, built)
    } catch (error) {
      return takenBack(lean, draft, error, ({ message }) => `it cannot be proved: ${message}`)
    }
  }
  return lean
}

/** What was before the change, with what became of the change. @throws what no change of a plan can cause */
function takenBack(lean: Lean, draft: Draft, error: unknown, why: (fault: Fault) => string): Lean {
  if (!isFault(error) || error.kind === 'internal') throw error
  const [step = ''] = draft.repairs.slice(-1)
  return { ...lean, repairs: [...lean.repairs, `took back: ${step} (${why(error)})`] }
}

type Draft = Pick<Lean, 'plan' | 'ignoreFile' | 'repairs'>

type Attempt = {
  readonly session: Session
  readonly options: SlimOptions
  readonly project: Project
  readonly input: Input
}

type Built = Draft & Pick<Lean, 'text' | 'result'>

async function buildDraft({ session, options, project }: Attempt, draft: Draft): Promise<Built> {
  const { plan, ignoreFile } = draft
  const text = rewrite(project.dockerfile.text, plan)
  phase(session.emit, 'build lean', plan.runtime.reference)
  const result = await build(session, {
    ...options,
    dockerfile: { name: `${project.dockerfile.name} (rewritten)`, text },
    ignoreFile: ignoreFile ?? project.ignoreFile,
    tags: options.tagLean === null ? [] : [options.tagLean],
  })
  return { ...draft, text, result }
}

async function proveDraft(
  { session, options, project, input }: Attempt,
  built: Built,
): Promise<Lean> {
  const { fat, names, probes } = input
  phase(session.emit, 'prove', `${names.fat} and ${names.lean}`)
  const { proof, request } = await proveSides(session, {
    fat: { name: names.fat, ...fat },
    lean: { name: names.lean, ...built.result },
    probes,
    services: options.services ?? [],
    env: options.env ?? [],
    cwd: options.cwd,
    maxSize: options.maxSize,
    files: projectTexts(project.root),
    mutations: options.mutations,
  })
  return { ...built, proof, request }
}

/** What the proof named, one cause at a time: a file that our own ignore rules hid, then what the plan left out. */
function repair(
  session: Session,
  project: Project,
  fat: BuildResult,
  { plan, ignoreFile, repairs, proof, result }: Lean,
): Draft | undefined {
  const missing = missingFromProof(proof)
  const shown = ignoreFile && shownAgain(project, plan, missing)
  if (shown && shown.file?.text !== ignoreFile.text)
    return { plan, ignoreFile: shown.file, repairs: [...repairs, shown.step] }
  const tree = session.store.tree(fat.image.layers)
  const leanTree = session.store.tree(result.image.layers)
  const db = packagesOf(tree)
  const done = db && repairPlan(plan, missing, { tree, db, config: fat.image.config, leanTree })
  return done && { plan: done.plan, ignoreFile, repairs: [...repairs, ...done.steps] }
}

/** The ignore file without the lines that hide files which lean lacks. */
function shownAgain(
  project: Project,
  plan: Plan,
  missing: ReturnType<typeof missingFromProof>,
): { readonly file: Source | null; readonly step: string } | undefined {
  const lacking = missing.flatMap((one) => (one.kind === 'file' ? [one.path] : []))
  const needed = [...contextPaths(project.context)].filter((path) =>
    lacking.some((one) => one.endsWith(`/${path}`)),
  )
  if (needed.length === 0) return undefined
  const names = needed.slice(0, 3).join(', ')
  return {
    file: newIgnoreFile(project, plan, new Set(needed)),
    step: `no longer ignored ${names}${needed.length > 3 ? ', …' : ''} in .dockerignore: the app needs it`,
  }
}

function newIgnoreFile(
  project: Project,
  plan: Plan,
  neededByLean: ReadonlySet<string> = new Set(),
): Source | null {
  const seen = {
    contextFiles: contextPaths(project.context),
    needsVersionControl: plan.needsVersionControl,
    neededByLean,
  }
  const own = project.ignoreFile
  if (own) {
    const text = withVersionControlIgnored(own.text, seen)
    return text === undefined ? null : { name: own.name, text }
  }
  const found = dockerignoreFor({ ...seen, openedByFat: null })
  return found ? { name: join(project.root, '.dockerignore'), text: found.text } : null
}

export function phase(emit: EventSink, name: string, detail: string): void {
  emit({ kind: 'phase', name, detail })
}
