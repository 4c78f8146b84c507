import { join } from 'node:path'
import type { Json } from '../base/index.ts'
import type { StepRecord } from '../build/index.ts'
import { type Digest, digestHex } from '../image/index.ts'
import { folderOf, type StoreContext } from './context.ts'
import { findLayer } from './layers.ts'
import { parseLayerId } from './names.ts'
import { readRecord, writeLossyRecord } from './records.ts'

export type StoredStep = {
  readonly version: 1
  readonly record: StepRecord
  readonly preimage: Json
}

/** A record whose layer is gone is no record. */
export function findStep(context: StoreContext, key: Digest): StepRecord | undefined {
  const record = readStep(stepPath(context, key))?.record
  return record && findLayer(context, record.layer) ? record : undefined
}

export function stepPreimage(context: StoreContext, key: Digest): Json | undefined {
  return readStep(stepPath(context, key))?.preimage
}

export function putStep(
  context: StoreContext,
  key: Digest,
  record: StepRecord,
  preimage: Json,
): void {
  const step: StoredStep = { version: 1, record, preimage }
  writeLossyRecord(context, stepPath(context, key), step)
}

/** Undefined for a record that is missing, torn or of another version. */
export function readStep(path: string): StoredStep | undefined {
  const step = readRecord(path) as StoredStep | undefined
  if (step?.version !== 1) return undefined
  return { ...step, record: { ...step.record, layer: parseLayerId(step.record.layer) } }
}

function stepPath(context: StoreContext, key: Digest): string {
  return join(folderOf(context, 'steps'), digestHex(key))
}
