import type { Proof } from '../proof/index.ts'
import { bringImage } from './docker-engine.ts'
import { type ProofFile, writeProofFile } from './proof-record.ts'
import {
  type ProofRequest,
  type ProofSide,
  type ProveOptions,
  requestProof,
  runProof,
} from './proof-request.ts'
import type { Session } from './session.ts'

/** A proof and what was asked for it. */
export type Proved = { readonly proof: Proof; readonly request: ProofRequest }

/** Climbs the ladder over two images of the store. @throws Fault PROBE_INVALID, PROBE_FILE_INVALID, USAGE */
export async function proveImages(session: Session, options: ProveOptions): Promise<Proof> {
  return (await proveSides(session, options)).proof
}

/** The same with what was found to ask, for a proof file. */
export async function proveSides(session: Session, options: ProveOptions): Promise<Proved> {
  const request = await requestProof(session, options)
  return { request, proof: await runProof(session, request) }
}

/** Both images by name; writes a proof file when told where. @throws Fault IMAGE_NOT_FOUND, PROBE_INVALID, … */
export async function proveNamed(
  session: Session,
  options: Omit<ProveOptions, 'fat' | 'lean'> & {
    readonly fat: string
    readonly lean: string
    readonly out?: ProofFile | undefined
  },
): Promise<Proof> {
  const side = async (name: string): Promise<ProofSide> => ({
    name,
    image: await bringImage(session, name),
  })
  const [fat, lean] = [await side(options.fat), await side(options.lean)]
  const { proof, request } = await proveSides(session, { ...options, fat, lean })
  if (options.out) writeProofFile(session, options.out, { proof, request, project: null })
  return proof
}
