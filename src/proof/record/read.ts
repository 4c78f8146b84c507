import { Fault } from '../../base/index.ts'
import { isDigest } from '../../image/index.ts'
import { judge } from '../judge.ts'
import type { RungResult } from '../verdict.ts'
import { digestOfRecord } from './seal.ts'
import type { ProofRecord } from './types.ts'

/**
 * Reads the text of a proof file.
 * @throws Fault PROOF_INVALID when it is none, PROOF_TAMPERED when its digest is not that of its content
 */
export function readRecord(text: string, name: string): ProofRecord {
  const value = parsed(text, name)
  if (value['version'] !== 1)
    throw invalid(
      name,
      `has version ${JSON.stringify(value['version'])}; this jettison reads version 1`,
    )
  const digest = digestOfRecord(value)
  if (value['digest'] !== digest)
    throw new Fault(
      'PROOF_TAMPERED',
      `${name} was changed after it was written: its content has the digest ${digest}, it says ${JSON.stringify(value['digest'] ?? null)}`,
      { kind: 'invalid', hint: 'take the file as jettison wrote it, or prove again' },
    )
  const problem = shapeProblem(value)
  if (problem !== undefined) throw invalid(name, problem)
  const record = value as unknown as ProofRecord
  const verdict = judge(record.proof.rungs)
  if (verdict !== record.proof.verdict)
    throw invalid(name, `claims ${record.proof.verdict}, and its rungs make ${verdict}`)
  return record
}

type Fields = Readonly<Record<string, unknown>>

function parsed(text: string, name: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw invalid(name, 'is no proof file: it is not JSON', error)
  }
  if (isFields(value)) return value
  throw invalid(name, 'is no proof file')
}

/** What is read without a further look is checked here; schemas/proof-1.json says it all. */
function shapeProblem(value: Fields): string | undefined {
  const { inputs, proof, tool } = value
  if (!isFields(inputs) || !isFields(proof) || !isFields(tool)) return 'lacks inputs, proof or tool'
  for (const side of ['fat', 'lean'] as const)
    if (!isImage(inputs[side])) return `has no image as inputs.${side}`
  for (const list of ['probes', 'entrypoints', 'services', 'absentServices'] as const)
    if (!isListOf(inputs[list], isFields)) return `has no list as inputs.${list}`
  if (!isText(inputs['salt'])) return 'has no text as inputs.salt'
  if (!isListOf(inputs['env'], isKept)) return 'has no list of settings as inputs.env'
  if (!isListOf(inputs['services'], isService))
    return 'has a service without name, image or settings'
  if (!isListOf(inputs['probes'], isProbe)) return 'has a probe of no known kind'
  if (!isListOf(inputs['entrypoints'], isEntrypoint)) return 'has an entrypoint without options'
  if (inputs['project'] !== null && !isProject(inputs['project'])) return 'has a broken project'
  if (!isListOf(proof['rungs'], isRung)) return 'has no rungs'
  if (!isFields(proof['trace'])) return 'has no trace'
  return undefined
}

function isImage(value: unknown): boolean {
  return (
    isFields(value) &&
    isText(value['name']) &&
    isDigestText(value['id']) &&
    isListOf(value['diffIds'], isDigestText) &&
    Number.isInteger(value['baseLayers']) &&
    (value['base'] === null || isDigestText(value['base']))
  )
}

function isService(value: Fields): boolean {
  const { name, id, reference, env } = value
  const lists = ['command', 'entrypoint', 'health'].map((key) => value[key])
  return (
    isText(name) &&
    isText(reference) &&
    isDigestText(id) &&
    isListOf(env, isKept) &&
    lists.every((list) => list === null || isListOf(list, isText))
  )
}

function isKept(value: Fields): boolean {
  return isFields(value) && isText(value['name']) && isDigestText(value['digest'])
}

function isEntrypoint({ options, help }: Fields): boolean {
  return [options, help ?? {}].every(
    (one) => isFields(one) && (one['env'] === undefined || isListOf(one['env'], isKept)),
  )
}

function isProbe({ kind, method, port, path, argv }: Fields): boolean {
  if (kind === 'http') return isText(method) && Number.isInteger(port) && isText(path)
  return kind === 'cmd' ? isListOf(argv, isText) : kind === 'run'
}

function isProject(value: unknown): boolean {
  return (
    isFields(value) &&
    isText(value['context']) &&
    isText(value['dockerfile']) &&
    (value['ignore'] === null || isText(value['ignore'])) &&
    ['fatText', 'leanText', 'contextDigest'].every((key) => isDigestText(value[key]))
  )
}

function isRung(value: unknown): value is RungResult {
  return (
    isFields(value) && isText(value['rung']) && isText(value['status']) && isText(value['summary'])
  )
}

function isListOf<T>(value: unknown, holds: (one: T) => boolean): boolean {
  return Array.isArray(value) && value.every((one: unknown) => holds(one as T))
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isDigestText(value: unknown): boolean {
  return isText(value) && isDigest(value)
}

function invalid(name: string, why: string, cause?: unknown): Fault {
  return new Fault('PROOF_INVALID', `${name} ${why}`, { kind: 'invalid', cause })
}
