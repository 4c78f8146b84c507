import { canonicalJson, type Json } from '../../base/index.ts'
import { type Digest, sha256 } from '../../image/index.ts'
import type { ProofRecord } from './types.ts'

/** The record with its digest. Values that JSON does not have (`undefined`) are gone. */
export function sealRecord(record: Omit<ProofRecord, 'digest'>): ProofRecord {
  const plain = JSON.parse(JSON.stringify(record)) as Omit<ProofRecord, 'digest'>
  return { ...plain, digest: digestOfRecord(plain) }
}

/** The digest that a record should have: of everything but its digest. */
export function digestOfRecord(record: object): Digest {
  const { digest: _, ...rest } = record as { readonly digest?: unknown }
  return sha256(canonicalJson(rest as Json))
}
