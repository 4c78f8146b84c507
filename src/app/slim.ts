import { dirname, join, resolve } from 'node:path'
import type { BuildResult } from '../build/index.ts'
import { kindOf, type Policy } from '../gate/index.ts'
import {
  estimateTransfer,
  type MeasuredTransfer,
  type Refusal,
  type Report,
  type TransferEstimate,
} from '../report/index.ts'
import { lineDiff, type Plan } from '../slim/index.ts'
import { build } from './build.ts'
import { type GateRules, gate } from './gate.ts'
import { heard } from './heard.ts'
import { imageSummary, withCompressedSize } from './image-summary.ts'
import { imageSize } from './images.ts'
import { measureTransfer } from './measure-transfer.ts'
import { plan } from './plan.ts'
import { findPolicyFile, type PolicyFile } from './policy-file.ts'
import { openProject, type Project } from './project.ts'
import { writeProofFile } from './proof-record.ts'
import { runnerFor } from './proof-request.ts'
import { recordSteps } from './record-steps.ts'
import type { Session } from './session.ts'
import { buildLean, type Lean, phase } from './slim-lean.ts'
import { isStandIn } from './stand-ins.ts'
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
  /** How many mutants of lean P9 makes; the proof's own default unless given. */
  readonly mutations?: number | 'all' | undefined
  /** Other images that the app needs, as `--service` takes them, and `KEY=value` settings; see `ProveOptions`. */
  readonly services?: readonly string[] | undefined
  readonly env?: readonly string[] | undefined
  /** Where the proof is written, whatever its verdict; `--out` writes one beside the Dockerfile too. */
  readonly proofFile?: string | undefined
  /** Of jettison, for the proof file. */
  readonly version?: string | undefined
  /** Changes the plan before it is tried: how tests make the repair loop work on a plan that lacks something. */
  readonly amend?: ((plan: Plan) => Plan) | undefined
  /** `in-place`, a folder, or nowhere. */
  readonly write: 'in-place' | { readonly dir: string } | null
  readonly assumptions: TransferEstimate['assumptions']
  /** A repository to push both images to and pull them from, to measure what that takes. */
  readonly measure?: string | undefined
}

/**
 * The main job: build fat → plan → (rewrite → build lean → prove → repair) → judge → report. Writes nothing but the
 * images unless it is told to, and then only a result that is proved and lean.
 */
export async function slim(outer: Session, options: SlimOptions): Promise<Report> {
  const { session, steps } = recordSteps(outer)
  return { ...(await convert(session, options)), steps: steps() }
}

async function convert(session: Session, options: SlimOptions): Promise<Report> {
  const project = openProject(session, options)
  const policies = await findPolicyFile(project.root)
  const names = { fat: options.tagFat ?? 'fat', lean: options.tagLean ?? 'lean' }

  phase(session.emit, 'build fat', project.dockerfile.name)
  const fat = await build(session, {
    ...options,
    dockerfile: project.dockerfile,
    ignoreFile: project.ignoreFile,
    tags: options.tagFat === null ? [] : [options.tagFat],
  })

  phase(session.emit, 'plan', names.fat)
  const probes = [...options.probes, ...probesOf(policies)]
  await heard(session)
  const planned = await plan(session, project, fat, options.args, probes.length > 0)
  await heard(session)
  if (planned.kind === 'refusal')
    return {
      ...refused(session, project, fat, names.fat, planned.refusal),
      ecosystem: planned.ecosystem ?? null,
    }

  const lean = await buildLean(session, options, project, {
    plan: planned.plan,
    ...{ fat, names, probes },
  })
  const acceptance = await accept(session, project, lean, {
    name: names.lean,
    policies: policies?.policies ?? defaultPolicies(lean.plan, options.maxSize),
    // Growth is judged by `jettison check`, beside the image of the last release.
    rules: { baseline: null, ignore: policies?.ignore ?? [] },
  })
  const images = { fat: fat.image, lean: lean.result.image }
  const measured =
    options.measure === undefined ? null : await measureTransfer(session, options.measure, images)
  // Who stops it now does not want a file written.
  await heard(session)
  const report = proved(session, options, project, { fat, lean, names, acceptance, measured })
  keepProof(session, options, project, { lean, written: report.dockerfile?.path ?? null })
  return {
    ...report,
    fat: await withCompressedSize(session, report.fat, images.fat),
    lean: await withCompressedSize(session, report.lean, images.lean),
  }
}

/** The proof as a file: where it was asked for, and beside a Dockerfile that went into another folder. */
function keepProof(
  session: Session,
  { proofFile, write, version }: SlimOptions,
  project: Project,
  { lean, written }: { readonly lean: Lean; readonly written: string | null },
): void {
  const beside =
    written !== null && write !== 'in-place' ? join(dirname(written), 'proof.json') : null
  const paths = new Set([proofFile, beside].flatMap((path) => path ?? []))
  for (const path of paths)
    writeProofFile(
      session,
      { path, version: version ?? 'unknown' },
      {
        ...{ request: lean.request, proof: lean.proof },
        project: {
          ...{ root: project.root, path: project.path },
          ...{ before: project.dockerfile.text, after: lean.text },
          ignore: lean.ignoreFile ?? project.ignoreFile,
        },
      },
    )
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

/** What every report says, whatever came of it. */
function frame(session: Session, fat: BuildResult, name: string): Report {
  return {
    version: 1,
    standInBases: isStandIn(fat.image),
    ecosystem: null,
    fat: imageSummary(session, name, fat.image),
    lean: null,
    dockerfile: null,
    dockerignore: null,
    repairs: [],
    verdict: null,
    proof: [],
    notExercised: [],
    wouldProve: [],
    ballast: analyze(session, fat.image).categories,
    acceptance: [],
    transfer: null,
    refusal: null,
    steps: [],
  }
}

function refused(
  session: Session,
  project: Project,
  fat: BuildResult,
  name: string,
  refusal: Refusal,
): Report {
  const { text } = project.dockerfile
  const dockerfile = { path: null, text, before: text, diff: '' }
  return { ...frame(session, fat, name), dockerfile, refusal }
}

function proved(
  session: Session,
  options: SlimOptions,
  project: Project,
  made: {
    readonly fat: BuildResult
    readonly lean: Lean
    readonly names: { readonly fat: string; readonly lean: string }
    readonly acceptance: Report['acceptance']
    readonly measured: MeasuredTransfer | null
  },
): Report {
  const { fat, lean, names, acceptance } = made
  const { text, ignoreFile, proof, repairs } = lean
  const good =
    proof.verdict === 'EQUIVALENT' && proof.rungs.every(({ status }) => status !== 'fail')
  const texts = { dockerfile: text, dockerignore: ignoreFile }
  const written = options.write && good ? writeResult(options.write, project.path, texts) : null
  const before = project.dockerfile.text
  const sizes = {
    fat: imageSize(session, fat.image),
    lean: imageSize(session, lean.result.image),
  }
  return {
    ...frame(session, fat, names.fat),
    standInBases: proof.standInBases,
    ecosystem: lean.plan.ecosystem,
    lean: imageSummary(session, names.lean, lean.result.image),
    dockerfile: { path: written?.dockerfile ?? null, text, before, diff: lineDiff(before, text) },
    dockerignore: ignoreFile && { path: written?.dockerignore ?? null, text: ignoreFile.text },
    repairs,
    verdict: proof.verdict,
    proof: proof.rungs,
    notExercised: proof.notExercised,
    wouldProve: proof.wouldProve,
    acceptance,
    transfer: estimateTransfer(sizes, options.assumptions, made.measured),
  }
}

/** What the project's own policies ask of the app is a probe of the proof as well. */
function probesOf(file: PolicyFile | undefined): readonly string[] {
  const asked = (file?.policies ?? []).flatMap((policy) =>
    policy.id === 'http-probe' ? [policy.url.replace(/^http:\/\/[^/:]*:/, 'http://:')] : [],
  )
  return [...asked, ...(file?.probes ?? []).map((probe) => besideFile(probe, file?.path ?? ''))]
}

/** A file that a policy file names lies beside it. */
function besideFile(probe: string, path: string): string {
  const [, kind, name] = /^\s*(file|openapi):\s*(\S.*)$/s.exec(probe) ?? []
  return name === undefined ? probe : `${kind}:${resolve(dirname(path), name)}`
}

/** What every conversion has to meet when the project has no jettison.yaml. */
function defaultPolicies(made: Plan, maxSize: number | null): readonly Policy[] {
  const packages = ['gcc', 'g++', 'make', 'build-essential']
  return [
    { id: 'min-stages', min: 2 },
    ...(maxSize === null ? [] : [{ id: 'image-size', max: maxSize, compressed: null } as const]),
    { id: 'forbidden-packages', packages, in: null },
    { id: 'runtime-base', image: made.runtime.reference },
  ]
}

async function accept(
  session: Session,
  project: Project,
  lean: Lean,
  {
    name,
    policies,
    rules,
  }: {
    readonly name: string
    readonly policies: readonly Policy[]
    readonly rules: GateRules
  },
): Promise<Report['acceptance']> {
  const dockerfile = { name: project.dockerfile.name, text: lean.text }
  // Without a baseline a policy that compares with one examines nothing here, and that is not this image's fault.
  const judged = policies.filter(({ id }) => !kindOf(id).needsBaseline)
  const { result } = await gate(
    session,
    judged,
    dockerfile,
    { name, ...lean.result, runner: await runnerFor(session, lean.request) },
    rules,
  )
  // A warning is told by `jettison check`; here it decides nothing.
  return result.results
    .filter(({ level }) => level === 'error')
    .map(({ id, title, status, found, allowed }) => ({
      ...{ id, title, found, allowed },
      pass: status === 'pass',
    }))
}
