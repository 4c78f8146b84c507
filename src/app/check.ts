import { existsSync, statSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { Fault, type Source } from '../base/index.ts'
import type { BuildResult } from '../build/index.ts'
import { type Baseline, kindOf, type PolicyId } from '../gate/index.ts'
import type { GateReport } from '../report/index.ts'
import { lineDiff } from '../slim/index.ts'
import { readBaseline, writeBaseline } from './baseline.ts'
import { build } from './build.ts'
import { bringImage } from './docker-engine.ts'
import { findDockerfile } from './dockerfile-file.ts'
import { type GateSubject, gate } from './gate.ts'
import { imageSize } from './images.ts'
import { plan, rewrite } from './plan.ts'
import { findPolicyFile, type PolicyFile } from './policy-file.ts'
import { openProject } from './project.ts'
import type { Session } from './session.ts'

export type CheckOptions = {
  /** A folder with a Dockerfile, or an image. */
  readonly target: string
  readonly file?: string | undefined
  readonly policy?: string | undefined
  /** Judge this image instead of building the folder's. */
  readonly image?: string | undefined
  /** Write the image's sizes as the new baseline: `down` only when they are smaller. */
  readonly updateBaseline?: 'down' | 'any' | undefined
  readonly cwd: string
}

export type Checked = { readonly report: GateReport; readonly baseline: Baseline | null }

/**
 * The gate. A folder is built first (nothing runs when it is unchanged); an image is judged as it is, together with the
 * Dockerfile that `--file` names.
 * @throws Fault POLICY_NOT_FOUND (undecided: a gate without policies examined nothing), BASELINE_MISSING
 */
export async function check(session: Session, options: CheckOptions): Promise<Checked> {
  const folder = resolve(options.cwd, options.target)
  const isFolder = existsSync(folder) && statSync(folder).isDirectory()
  const policyFile = await policiesFor(isFolder ? folder : options.cwd, options)
  const dockerfile = dockerfileOf(options, isFolder ? folder : null)
  const subject = await subjectOf(session, options, isFolder)
  const { baseline, warning } =
    options.updateBaseline === undefined
      ? readBaseline(policyFile.baseline)
      : { baseline: null, warning: null }
  const rules = { baseline, ignore: policyFile.ignore }
  const policies = policyFile.policies.filter(
    ({ id }) => id !== 'max-growth' || baseline !== null || policyFile.baseline === null,
  )
  const { result, image } = await gate(session, policies, dockerfile, subject, rules)
  const fixable = result.results.some(
    ({ id, status }) => status === 'fail' && kindOf(id as PolicyId).slimFixes,
  )
  const patch = fixable && isFolder ? await slimPatch(session, options, subject.built) : null
  const written =
    options.updateBaseline !== undefined && image
      ? writeBaseline(policyFile.baseline, image, options.updateBaseline === 'any')
      : null
  return {
    report: {
      version: 1,
      policyFile: policyFile.path,
      dockerfile: dockerfile ? pathInRepository(options, folder, isFolder, dockerfile) : null,
      image: {
        reference: subject.name,
        id: subject.image.id,
        size: imageSize(session, subject.image),
      },
      results: result.results,
      warnings: [...(warning === null ? [] : [warning]), ...result.warnings],
      pass: result.pass,
      undecided: result.undecided,
      patch,
    },
    baseline: written,
  }
}

async function policiesFor(folder: string, { policy }: CheckOptions): Promise<PolicyFile> {
  const found = await findPolicyFile(folder, policy)
  if (found) return found
  throw new Fault('POLICY_NOT_FOUND', `no jettison.yaml in ${folder} or above`, {
    kind: 'undecided',
    hint: 'jettison check --init writes one; docs/check.md shows the policies',
  })
}

/** Where the Dockerfile is, relative to the working directory: what a CI service shows findings at. */
function pathInRepository(
  { cwd, file }: CheckOptions,
  folder: string,
  isFolder: boolean,
  { name }: Source,
): string {
  const path =
    file === undefined ? resolve(isFolder ? folder : cwd, 'Dockerfile') : resolve(cwd, file)
  const inside = relative(cwd, path)
  return inside.startsWith('..') ? name : inside
}

/** What `jettison slim` would change, not built and not proved; null when it refuses. */
async function slimPatch(
  session: Session,
  options: CheckOptions,
  built: BuildResult | null,
): Promise<string | null> {
  if (!built) return null
  const project = openProject(session, { ...options, context: options.target })
  const planned = await plan(session, project, built, {})
  if (planned.kind === 'refusal') return null
  const before = project.dockerfile.text
  return lineDiff(before, rewrite(before, planned.plan))
}

function dockerfileOf(options: CheckOptions, folder: string | null): Source | null {
  if (folder !== null || options.file !== undefined)
    return findDockerfile(folder ?? options.cwd, options.file, options.cwd).source
  return existsSync(resolve(options.cwd, 'Dockerfile'))
    ? findDockerfile(options.cwd, undefined, options.cwd).source
    : null
}

async function subjectOf(
  session: Session,
  options: CheckOptions,
  isFolder: boolean,
): Promise<GateSubject & { readonly built: BuildResult | null }> {
  const name = options.image ?? (isFolder ? undefined : options.target)
  if (name !== undefined) return { name, image: await bringImage(session, name), built: null }
  const built = await build(session, {
    context: options.target,
    file: options.file,
    cwd: options.cwd,
  })
  return { name: options.target, image: built.image, baseLayers: built.baseLayers, built }
}
