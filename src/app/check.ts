import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Fault, type Source } from '../base/index.ts'
import type { GateResult } from '../gate/index.ts'
import { build } from './build.ts'
import { findDockerfile } from './dockerfile-file.ts'
import { type GateSubject, gate } from './gate.ts'
import { findImage } from './images.ts'
import { findPolicyFile, type PolicyFile } from './policy-file.ts'
import type { Session } from './session.ts'

export type CheckOptions = {
  /** A folder with a Dockerfile, or an image. */
  readonly target: string
  readonly file?: string | undefined
  readonly policy?: string | undefined
  /** Judge this image instead of building the folder's. */
  readonly image?: string | undefined
  readonly cwd: string
}

export type Checked = {
  readonly result: GateResult
  readonly policyFile: PolicyFile
  readonly image: GateSubject | null
}

/**
 * The gate. A folder is built first (nothing runs when it is unchanged); an image is judged as it is, together with the
 * Dockerfile that `--file` names.
 * @throws Fault POLICY_NOT_FOUND (undecided: a gate without policies examined nothing)
 */
export async function check(session: Session, options: CheckOptions): Promise<Checked> {
  const folder = resolve(options.cwd, options.target)
  const isFolder = existsSync(folder) && statSync(folder).isDirectory()
  const policyFile = await findPolicyFile(isFolder ? folder : options.cwd, options.policy)
  if (!policyFile)
    throw new Fault(
      'POLICY_NOT_FOUND',
      `no jettison.yaml in ${isFolder ? folder : options.cwd} or above`,
      {
        kind: 'undecided',
        hint: 'write one: docs/check.md shows the policies',
      },
    )
  const dockerfile = dockerfileOf(options, isFolder ? folder : null)
  const image = await imageOf(session, options, isFolder)
  return { result: await gate(session, policyFile.policies, dockerfile, image), policyFile, image }
}

function dockerfileOf(options: CheckOptions, folder: string | null): Source | null {
  if (folder !== null || options.file !== undefined)
    return findDockerfile(folder ?? options.cwd, options.file, options.cwd).source
  return existsSync(join(options.cwd, 'Dockerfile'))
    ? findDockerfile(options.cwd, undefined, options.cwd).source
    : null
}

async function imageOf(
  session: Session,
  options: CheckOptions,
  isFolder: boolean,
): Promise<GateSubject> {
  const name = options.image ?? (isFolder ? undefined : options.target)
  if (name !== undefined) return { name, image: findImage(session, name) }
  const { image, baseLayers } = await build(session, {
    context: options.target,
    file: options.file,
    cwd: options.cwd,
  })
  return { name: options.target, image, baseLayers }
}
