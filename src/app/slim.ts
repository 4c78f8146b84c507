import { join } from 'node:path'
import type { EventSink, Source } from '../base/index.ts'
import type { BuildResult } from '../build/index.ts'
import type { Policy } from '../gate/index.ts'
import type { Proof } from '../proof/index.ts'
import {
  estimateTransfer,
  type Refusal,
  type Report,
  type TransferEstimate,
} from '../report/index.ts'
import { dockerignoreFor, lineDiff, type Plan } from '../slim/index.ts'
import { isStandIn } from './base-source.ts'
import { build } from './build.ts'
import { contextPaths } from './context-files.ts'
import { gate } from './gate.ts'
import { imageSummary } from './image-summary.ts'
import { imageSize } from './images.ts'
import { plan, rewrite } from './plan.ts'
import { findPolicyFile, type PolicyFile } from './policy-file.ts'
import { openProject, type Project } from './project.ts'
import { proveImages } from './prove.ts'
import type { Session } from './session.ts'
import { analyze } from './subject.ts'
import { writeResult } from './write-result.ts'

export type SlimOptions = {
  readonly context: string
  readonly file?: string | undefined
  readonly cwd: string
  readonly args: Readonly<Record<string, string>>
  /** Names for the two images; null keeps them without one. */
  readonly tagFat: string | null
  readonly tagLean: string | null
  readonly probes: readonly string[]
  /** Bytes. */
  readonly maxSize: number | null
  /** `in-place`, a folder, or nowhere. */
  readonly write: 'in-place' | { readonly dir: string } | null
  readonly assumptions: TransferEstimate['assumptions']
}

/**
 * The main job: build fat → plan → rewrite → build lean → prove → judge → report. Writes nothing but the images unless
 * it is told to, and then only a result that is proved and lean.
 */
export async function slim(session: Session, options: SlimOptions): Promise<Report> {
  const phase = phases(session.emit)
  const project = openProject(session, options)
  const policies = await findPolicyFile(project.root)
  const names = { fat: options.tagFat ?? 'fat', lean: options.tagLean ?? 'lean' }

  phase('build fat', project.dockerfile.name)
  const fat = await build(session, {
    ...options,
    dockerfile: project.dockerfile,
    ignoreFile: project.ignoreFile,
    tags: tags(options.tagFat),
  })

  phase('plan', names.fat)
  const planned = await plan(session, project, fat, options.args)
  if (planned.kind === 'refusal')
    return refused(session, project, { fat, name: names.fat }, planned.refusal)
  const text = rewrite(project.dockerfile.text, planned.plan)
  const ignoreFile = project.ignoreFile ? null : newIgnoreFile(project, planned.plan)

  phase('build lean', planned.plan.runtime.reference)
  const lean = await build(session, {
    ...options,
    dockerfile: { name: `${project.dockerfile.name} (rewritten)`, text },
    ignoreFile: ignoreFile ?? project.ignoreFile,
    tags: tags(options.tagLean),
  })

  phase('prove', `${names.fat} and ${names.lean}`)
  const proof = await proveImages(session, {
    fat: { name: names.fat, image: fat.image, baseLayers: fat.baseLayers },
    lean: { name: names.lean, image: lean.image, baseLayers: lean.baseLayers },
    probes: [...options.probes, ...probesOf(policies)],
    maxSize: options.maxSize,
  })
  const acceptance = await accept(session, {
    policies: policies?.policies ?? defaultPolicies(planned.plan, options.maxSize),
    dockerfile: { name: project.dockerfile.name, text },
    name: names.lean,
    lean,
  })

  const good = proof.verdict === 'EQUIVALENT' && proof.rungs.every((rung) => rung.status !== 'fail')
  const texts = { dockerfile: text, dockerignore: ignoreFile?.text ?? null }
  const written = options.write && good ? writeResult(options.write, project.path, texts) : null
  return {
    ...frame(session, { fat, name: names.fat }),
    standInBases: proof.standInBases,
    lean: imageSummary(session, names.lean, lean.image),
    dockerfile: {
      path: written?.dockerfile ?? null,
      text,
      before: project.dockerfile.text,
      diff: lineDiff(project.dockerfile.text, text),
    },
    dockerignore: ignoreFile
      ? { path: written?.dockerignore ?? null, text: ignoreFile.text }
      : null,
    ...verdictOf(proof),
    acceptance,
    transfer: estimateTransfer(
      { fat: imageSize(session, fat.image), lean: imageSize(session, lean.image) },
      options.assumptions,
    ),
  }
}

/** DESIGN §2: 0 proved and lean, 1 different, not lean or not accepted, 3 unproven or refused. */
export function slimExitCode(report: Report): number {
  if (report.verdict === 'DIFFERENT') return 1
  if (report.refusal || report.verdict !== 'EQUIVALENT') return 3
  const failed =
    report.proof.some((rung) => rung.status === 'fail') ||
    report.acceptance.some((item) => !item.pass)
  return failed ? 1 : 0
}

function phases(emit: EventSink): (name: string, detail: string) => void {
  return (name, detail) => emit({ kind: 'phase', name, detail })
}

/** What every report says, whatever came of it. */
function frame(
  session: Session,
  { fat, name }: { readonly fat: BuildResult; readonly name: string },
): Report {
  return {
    version: 1,
    standInBases: isStandIn(fat.image),
    fat: imageSummary(session, name, fat.image),
    lean: null,
    dockerfile: null,
    dockerignore: null,
    verdict: null,
    proof: [],
    notExercised: [],
    wouldProve: [],
    ballast: analyze(session, fat.image).categories,
    acceptance: [],
    transfer: null,
    refusal: null,
  }
}

function refused(
  session: Session,
  project: Project,
  side: { readonly fat: BuildResult; readonly name: string },
  refusal: Refusal,
): Report {
  const { text } = project.dockerfile
  return {
    ...frame(session, side),
    dockerfile: { path: null, text, before: text, diff: '' },
    refusal,
  }
}

function verdictOf(
  proof: Proof,
): Pick<Report, 'verdict' | 'proof' | 'notExercised' | 'wouldProve'> {
  return {
    verdict: proof.verdict,
    proof: proof.rungs,
    notExercised: proof.notExercised,
    wouldProve: proof.wouldProve,
  }
}

function newIgnoreFile(project: Project, made: Plan): Source | null {
  const found = dockerignoreFor({
    contextFiles: contextPaths(project.context),
    openedByFat: null,
    needsVersionControl: made.notes.some((note) => /version control/i.test(note)),
  })
  return found ? { name: join(project.root, '.dockerignore'), text: found.text } : null
}

/** What the project's own policies ask of the app is a probe of the proof as well. */
function probesOf(file: PolicyFile | undefined): readonly string[] {
  const asked = (file?.policies ?? []).flatMap((policy) =>
    policy.id === 'http-probe' ? [`http://:${policy.port}${policy.path}`] : [],
  )
  return [...asked, ...(file?.probes ?? [])]
}

/** What every conversion has to meet when the project has no jettison.yaml. */
function defaultPolicies(made: Plan, maxSize: number | null): readonly Policy[] {
  return [
    { id: 'min-stages', min: 2 },
    ...(maxSize === null ? [] : [{ id: 'image-size', max: maxSize } as const]),
    { id: 'forbidden-packages', packages: ['gcc', 'g++', 'make', 'build-essential'] },
    { id: 'runtime-base', image: made.runtime.reference },
  ]
}

async function accept(
  session: Session,
  {
    policies,
    dockerfile,
    name,
    lean,
  }: {
    readonly policies: readonly Policy[]
    readonly dockerfile: Source
    readonly name: string
    readonly lean: BuildResult
  },
): Promise<Report['acceptance']> {
  const { results } = await gate(session, policies, dockerfile, {
    name,
    image: lean.image,
    baseLayers: lean.baseLayers,
  })
  return results.map(({ id, title, status, found, allowed }) => ({
    id,
    title,
    pass: status === 'pass',
    found,
    allowed,
  }))
}

function tags(name: string | null): readonly string[] {
  return name === null ? [] : [name]
}
