import { canonicalJson, type Json } from '../base/index.ts'
import { type Digest, sha256 } from '../image/index.ts'

/** Raised when a step's result could differ for the same key; old records are then simply not found. */
const keyVersion = 2

/**
 * Key of a step: the digest of canonical JSON that names everything which changes the result, and nothing else: no
 * times, no host paths, no proxies, no secrets, no CA.
 */
export function stepKey(preimage: { readonly [name: string]: Json | undefined }): {
  readonly key: Digest
  readonly preimage: Json
} {
  const full = { version: keyVersion, ...preimage }
  return { key: sha256(canonicalJson(full)), preimage: full }
}
