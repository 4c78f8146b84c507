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
} from '../proof/index.ts'
import { contextDigest } from './proof-record.ts'
import { type ProofImage, type ProofRequest, runProof } from './proof-request.ts'
import type { ProofService } from './proof-services.ts'
import type { Session } from './session.ts'
import { readUserFile } from './user-file.ts'

export type Replayed = {
  readonly record: ProofRecord
  readonly proof: Proof
  readonly result: ReplayResult
}

/**
 * Checks a proof file and climbs the ladder again with what it recorded: the same images, probes, services and settings.
 * @param options.context the folder of the project, when it is not where the file says
 * @throws Fault PROOF_INVALID, PROOF_TAMPERED, PROOF_STALE
 */
export async function replayProof(
  session: Session,
  options: { readonly file: string; readonly context?: string | undefined; readonly cwd: string },
): Promise<Replayed> {
  const path = resolve(options.cwd, options.file)
  const what = `the proof file ${options.file} cannot be read`
  const text = readUserFile(path, { code: 'PROOF_INVALID', what }).toString('utf8')
  const record = readRecord(text, options.file)
  checkProject(session, record, path, options.context && resolve(options.cwd, options.context))
  const request = requestOf(session, record)
  const proof = await runProof(session, request)
  return { record, proof, result: compareProofs(record.proof, proof) }
}

function requestOf(session: Session, { inputs }: ProofRecord): ProofRequest {
  const { fat, lean, services, absentServices, mutations, ...same } = inputs
  return {
    ...same,
    fat: recorded(session, fat),
    lean: recorded(session, lean),
    absent: absentServices,
    mutations: mutations ?? undefined,
    services: services.map(
      ({ id, command, entrypoint, health, ...rest }): ProofService => ({
        ...rest,
        image: stored(session, rest.reference, id),
        ...(command ? { command } : {}),
        ...(entrypoint ? { entrypoint } : {}),
        ...(health ? { health } : {}),
      }),
    ),
  }
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

/** The Dockerfile is the one before or the one after, and the context has the same files. */
function checkProject(
  session: Session,
  { inputs: { project } }: ProofRecord,
  file: string,
  given: string | undefined,
): void {
  if (!project) return
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
}

function short(id: string): string {
  return id.slice(0, 'sha256:'.length + 12)
}

function stale(why: string, hint = 'prove again: what was proved is not what is here'): Fault {
  return new Fault('PROOF_STALE', `the proof is stale: ${why}`, { kind: 'undecided', hint })
}
