import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { closest, Fault, isFault } from '../base/index.ts'
import type { BuildResult } from '../build/index.ts'
import { type Baseline, type GateResult, isPolicyId, kindOf, type Policy } from '../gate/index.ts'
import type { GateReport } from '../report/index.ts'
import { lineDiff } from '../slim/index.ts'
import { namedBaseline, readBaseline, writeBaseline } from './baseline.ts'
import { build } from './build.ts'
import { bringImage } from './docker-engine.ts'
import { findDockerfile } from './dockerfile-file.ts'
import { type GateSubject, gate, today } from './gate.ts'
import { liesElsewhere, openImage } from './image-source.ts'
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
  /** Instead of the policy file's: a file that `--update-baseline` wrote, or an image. */
  readonly baseline?: string | undefined
  /** Ids of the policies that are judged; all when absent or empty. */
  readonly only?: readonly string[] | undefined
  /** False: nothing is started, and policies that would start the image are left out. */
  readonly run?: boolean | undefined
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
  const isFolder = existsSync(folder) && statSync(folder).isDirectory() && !isLayout(folder)
  const policyFile = await policiesFor(isFolder ? folder : options.cwd, options)
  const chosen = choose(policyFile, options)
  const found = dockerfileOf(options, isFolder ? folder : null)
  const dockerfile = found?.source ?? null
  const path = found?.path ?? null
  const rule =
    options.baseline === undefined
      ? policyFile.baseline
      : namedBaseline(options.baseline, options.cwd)
  const day = { cwd: options.cwd, today: today() }
  const { baseline, warnings } = await readBaseline(
    session,
    options.updateBaseline === undefined ? rule : null,
    day,
  )
  const subject = await subjectOf(session, options, isFolder)
  try {
    const policies = chosen.policies.filter(
      ({ id }) => !kindOf(id).needsBaseline || baseline !== null || rule === null,
    )
    const rules = { baseline, ignore: policyFile.ignore }
    const { result, image } = await gate(session, policies, dockerfile, subject, rules)
    const written =
      options.updateBaseline !== undefined && image
        ? writeBaseline(rule, image, { ...day, allowGrowth: options.updateBaseline === 'any' })
        : null
    return {
      report: {
        version: 1,
        policyFile: policyFile.path,
        dockerfile: path === null ? null : relative(options.cwd, path) || path,
        repositoryFile: path === null ? null : pathInRepository(path, options.cwd),
        image: { reference: subject.name, id: subject.id, size: image?.size ?? 0 },
        baseline: baseline && { reference: baseline.reference, size: baseline.size },
        ...result,
        warnings: [...chosen.notes, ...warnings, ...result.warnings],
        patch:
          isFolder && isFixable(result)
            ? await slimPatch(session, options, subject.built, path)
            : null,
      },
      baseline: written,
    }
  } finally {
    subject.source?.close()
  }
}

/** An OCI layout is a folder too, and no project. */
function isLayout(folder: string): boolean {
  return existsSync(join(folder, 'oci-layout')) && existsSync(join(folder, 'index.json'))
}

function isFixable({ results }: GateResult): boolean {
  return results.some(
    ({ id, status }) => status === 'fail' && isPolicyId(id) && kindOf(id).slimFixes,
  )
}

/** The policies that are to be judged this time, and what is said of the others. @throws Fault USAGE */
function choose(
  { path, policies }: PolicyFile,
  { only, run }: CheckOptions,
): { readonly policies: readonly Policy[]; readonly notes: readonly string[] } {
  const names = policies.map(({ id }) => id as string)
  for (const name of only ?? [])
    if (!names.includes(name)) {
      const near = closest(name, names)
      throw new Fault('USAGE', `--only ${name}: ${path} has no such policy`, {
        kind: 'invalid',
        hint: `${near === undefined ? '' : `did you mean ${near}? `}it has ${names.join(', ') || 'none'}`,
      })
    }
  const wanted = policies.filter(({ id }) => !only || only.length === 0 || only.includes(id))
  const started = wanted.filter(({ id }) => kindOf(id).runs).map(({ id }) => id)
  if (run !== false || started.length === 0) return { policies: wanted, notes: [] }
  return {
    policies: wanted.filter(({ id }) => !kindOf(id).runs),
    notes: [`not judged, because --no-run starts nothing: ${started.join(', ')}`],
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

/** The path of a file from the root of the repository that it is in, or else from the working directory. */
function pathInRepository(path: string, cwd: string): string {
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    if (existsSync(join(dir, '.git'))) return relative(dir, path)
    if (dir === dirname(dir)) return outside(path, cwd)
  }
}

function outside(path: string, cwd: string): string {
  const found = relative(cwd, path)
  return found.startsWith('..') ? basename(path) : found
}

/** What `jettison slim` would change, not built and not proved; null when it refuses. */
async function slimPatch(
  session: Session,
  options: CheckOptions,
  built: BuildResult | null,
  path: string | null,
): Promise<string | null> {
  if (!built || path === null) return null
  const name = relative(options.cwd, path)
  const project = openProject(session, { ...options, context: options.target })
  const planned = await plan(session, project, built, {})
  if (planned.kind === 'refusal') return null
  const before = project.dockerfile.text
  return lineDiff(before, rewrite(before, planned.plan), { before: name, after: name })
}

function dockerfileOf(
  { file, cwd }: CheckOptions,
  folder: string | null,
): ReturnType<typeof findDockerfile> | null {
  if (folder !== null || file !== undefined) return findDockerfile(folder ?? cwd, file, cwd)
  return existsSync(resolve(cwd, 'Dockerfile')) ? findDockerfile(cwd, undefined, cwd) : null
}

type Judged = GateSubject & { readonly id: string; readonly built: BuildResult | null }

async function subjectOf(
  session: Session,
  options: CheckOptions,
  isFolder: boolean,
): Promise<Judged> {
  const name = options.image ?? (isFolder ? undefined : options.target)
  if (name === undefined) {
    const { target: context, file, cwd } = options
    const built = await build(session, { context, file, cwd })
    const { image, baseLayers } = built
    return { name: basename(resolve(cwd, context)), id: image.id, image, baseLayers, built }
  }
  try {
    return await imageNamed(session, name, options)
  } catch (error) {
    throw undecided(error)
  }
}

/** That there is no image to judge is no finding about one. */
function undecided(error: unknown): unknown {
  if (!isFault(error) || error.kind !== 'failed') return error
  const { code, message, hint, at } = error
  return new Fault(code, message, { kind: 'undecided', hint, at, cause: error })
}

async function imageNamed(session: Session, name: string, options: CheckOptions): Promise<Judged> {
  if (liesElsewhere(name, options.cwd) || isLayout(resolve(options.cwd, name))) {
    const transport = isLayout(resolve(options.cwd, name)) ? `oci:${name}` : name
    const source = await openImage(session, transport, options.cwd)
    return {
      name,
      id: source.id,
      image: session.store.findImage(source.id) ?? null,
      source,
      built: null,
    }
  }
  const image = await bringImage(session, name)
  return { name, id: image.id, image, built: null }
}
