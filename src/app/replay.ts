import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Fault } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import { sha256 } from '../image/index.ts'
import {
  compareProofs,
  type Proof,
  type ProofRecord,
  type RecordedImage,
  type ReplayResult,
  readRecord,
  recovery,
} from '../proof/index.ts'
import { projectTexts } from './context-files.ts'
import { contextDigest } from './proof-record.ts'
import { type ProofImage, type ProofRequest, runProof, settingsInProject } from './proof-request.ts'
import { type ProofService, parseService } from './proof-services.ts'
import type { Session } from './session.ts'
import { readUserFile } from './user-file.ts'

export type Replayed = {
  readonly record: ProofRecord
  readonly proof: Proof
  readonly result: ReplayResult
}

type ReplayOptions = {
  readonly file: string
  readonly context?: string | undefined
  readonly cwd: string
  readonly env?: readonly string[]
  readonly services?: readonly string[]
}

/**
 * Checks a proof file and climbs the ladder again with what it recorded: the same images, probes, services and settings.
 * @param options.context the folder of the project, when it is not where the file says
 * @param options.env and options.services settings again whose values the file does not hold, as `prove` takes them
 * @throws Fault PROOF_INVALID, PROOF_TAMPERED, PROOF_STALE, PROOF_SETTING_MISSING
 */
export async function replayProof(session: Session, options: ReplayOptions): Promise<Replayed> {
  const path = resolve(options.cwd, options.file)
  const what = `the proof file ${options.file} cannot be read`
  const text = readUserFile(path, { code: 'PROOF_INVALID', what }).toString('utf8')
  const record = readRecord(text, options.file)
  const root = checkProject(
    session,
    record,
    path,
    options.context && resolve(options.cwd, options.context),
  )
  const request = await requestOf(session, record, root, options)
  const proof = await runProof(session, request)
  return { record, proof, result: compareProofs(record.proof, proof) }
}

async function requestOf(
  session: Session,
  { inputs }: ProofRecord,
  root: string | undefined,
  { env = [], services: given = [] }: ReplayOptions,
): Promise<ProofRequest> {
  const { fat, lean, services, absentServices, mutations, salt, ...same } = inputs
  const fatImage = recorded(session, fat)
  const files = root === undefined ? undefined : projectTexts(root)
  const values = recovery(salt, [
    ...(await settingsInProject(session, fatImage.image, files)),
    ...given.flatMap((text) => parseService(text).env),
    ...env,
  ])
  const request: ProofRequest = {
    ...same,
    fat: fatImage,
    lean: recorded(session, lean),
    absent: absentServices,
    mutations: mutations ?? undefined,
    env: values.settings(same.env),
    entrypoints: same.entrypoints.map(values.entrypoint),
    services: services.map(
      ({ id, command, entrypoint, health, env: kept, ...rest }): ProofService => ({
        ...rest,
        env: values.settings(kept),
        image: stored(session, rest.reference, id),
        ...(command ? { command } : {}),
        ...(entrypoint ? { entrypoint } : {}),
        ...(health ? { health } : {}),
      }),
    ),
  }
  const lost = values.lost()
  if (lost.length === 0) return request
  throw new Fault(
    'PROOF_SETTING_MISSING',
    `the proof was made with ${lost.join(', ')} set to values that it does not hold`,
    {
      kind: 'invalid',
      hint: `give the same values again: ${lost.map((name) => `--env ${name}=VALUE`).join(' ')}`,
    },
  )
}

/** The recorded image, which must be here and still be what its name leads to. */
function recorded(session: Session, { name, tagged, id, ...rest }: RecordedImage): ProofImage {
  const image = stored(session, name, id)
  const named = tagged ? session.store.findImage(name) : image
  if (named?.id !== id)
    throw stale(
      `${name} is ${named ? short(named.id) : 'not here'} now, the proof is about ${short(id)}`,
    )
  if (image.config.rootfs.diff_ids.join() !== rest.diffIds.join())
    throw stale(`${name} (${short(id)}) has other layers than the proof says`)
  const base = rest.base === null ? undefined : stored(session, `the base of ${name}`, rest.base)
  return { name, image, baseLayers: rest.baseLayers, base }
}

function stored(session: Session, name: string, id: string): StoredImage {
  const image = session.store.findImage(id)
  if (image) return image
  const other = session.store.findImage(name)
  const now = other ? `; ${name} is ${short(other.id)} now` : ''
  throw stale(`${name} (${short(id)}) is not here${now}`)
}

/** The Dockerfile is the one before or the one after, and the context has the same files. @returns its folder */
function checkProject(
  session: Session,
  { inputs: { project } }: ProofRecord,
  file: string,
  given: string | undefined,
): string | undefined {
  if (!project) return undefined
  const root = given ?? resolve(dirname(file), project.context)
  const usual = resolve(dirname(file), project.dockerfile)
  const path = given === undefined || existsSync(usual) ? usual : join(root, 'Dockerfile')
  const hint = 'name the folder of the project with --context, or prove again'
  if (!existsSync(path) || !existsSync(root)) throw stale('the project is not where it was', hint)
  const text = sha256(readFileSync(path, 'utf8'))
  if (text !== project.fatText && text !== project.leanText)
    throw stale(`${project.dockerfile} is neither the Dockerfile before nor the one after`)
  const ignore = project.ignore === null ? null : { name: '.dockerignore', text: project.ignore }
  const { digest, files } = contextDigest(session, { root, path, ignore }, file)
  if (digest !== project.contextDigest)
    throw stale(
      files === project.contextFiles
        ? 'a file of the context has changed'
        : `the context had ${project.contextFiles} files and folders and has ${files}`,
    )
  return root
}

function short(id: string): string {
  return id.slice(0, 'sha256:'.length + 12)
}

function stale(why: string, hint = 'prove again: what was proved is not what is here'): Fault {
  return new Fault('PROOF_STALE', `the proof is stale: ${why}`, { kind: 'undecided', hint })
}
