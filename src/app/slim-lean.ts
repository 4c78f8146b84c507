import { join } from 'node:path'
import type { EventSink, Source } from '../base/index.ts'
import type { BuildResult } from '../build/index.ts'
import { missingFromProof, type Proof } from '../proof/index.ts'
import { dockerignoreFor, type Plan, repairPlan } from '../slim/index.ts'
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
  /** Made only when the project has none. */
  readonly ignoreFile: Source | null
  readonly result: BuildResult
  readonly proof: Proof
  readonly request: ProofRequest
  /** What the repair loop added and why, one line a step. */
  readonly repairs: readonly string[]
}

/** Each round adds what the proof found missing; a plan that is wrong in another way is not tried again. */
const maxRepairs = 3

/** Builds the plan's image and proves it; while the proof names a missing package, adds it and proves again. */
export async function buildLean(
  session: Session,
  options: SlimOptions,
  project: Project,
  input: {
    readonly plan: Plan
    readonly fat: BuildResult
    readonly names: { readonly fat: string; readonly lean: string }
    readonly probes: readonly string[]
  },
): Promise<Lean> {
  const ignoreFile = project.ignoreFile ? null : newIgnoreFile(project, input.plan)
  const repairs: string[] = []
  for (let plan = input.plan; ; ) {
    const text = rewrite(project.dockerfile.text, plan)
    phase(session.emit, 'build lean', plan.runtime.reference)
    const result = await build(session, {
      ...options,
      dockerfile: { name: `${project.dockerfile.name} (rewritten)`, text },
      ignoreFile: ignoreFile ?? project.ignoreFile,
      tags: options.tagLean === null ? [] : [options.tagLean],
    })
    phase(session.emit, 'prove', `${input.names.fat} and ${input.names.lean}`)
    const { proof, request } = await proveSides(session, {
      fat: { name: input.names.fat, ...input.fat },
      lean: { name: input.names.lean, ...result },
      probes: input.probes,
      services: options.services ?? [],
      env: options.env ?? [],
      cwd: options.cwd,
      maxSize: options.maxSize,
      files: projectTexts(project.root),
      mutations: options.mutations,
    })
    const lean = { plan, text, ignoreFile, result, proof, request, repairs }
    const repaired =
      proof.verdict === 'EQUIVALENT' || repairs.length >= maxRepairs
        ? undefined
        : repair(session, plan, proof, input.fat)
    if (!repaired) return lean
    const added = repaired.added.map(({ name, because }) => `${name}${reason(because)}`).join(', ')
    phase(session.emit, 'repair', `add ${added}`)
    repairs.push(`added ${added}`)
    plan = repaired.plan
  }
}

function repair(
  session: Session,
  plan: Plan,
  proof: Proof,
  fat: BuildResult,
): ReturnType<typeof repairPlan> {
  const tree = session.store.tree(fat.image.layers)
  const db = packagesOf(tree)
  return db && repairPlan(plan, missingFromProof(proof), { tree, db, config: fat.image.config })
}

function reason(because: Plan['runtimePackages'][number]['because']): string {
  const missing = because.flatMap((one) => (one.kind === 'repair' ? [one.missing] : []))
  return missing.length === 0 ? '' : ` (for ${missing.join(', ')})`
}

function newIgnoreFile(project: Project, plan: Plan): Source | null {
  const found = dockerignoreFor({
    contextFiles: contextPaths(project.context),
    openedByFat: null,
    needsVersionControl: plan.needsVersionControl,
  })
  return found ? { name: join(project.root, '.dockerignore'), text: found.text } : null
}

export function phase(emit: EventSink, name: string, detail: string): void {
  emit({ kind: 'phase', name, detail })
}
