import { createHash } from 'node:crypto'
import { type Brand, Fault } from '../base/index.ts'

/** `sha256:` and 64 lower-case hex digits (OCI image spec, descriptor.md#digests). Made only here. */
export type Digest = Brand<string, 'Digest'>

const shape = /^sha256:[0-9a-f]{64}$/

/** @throws Fault DIGEST_INVALID */
export function parseDigest(text: string): Digest {
  if (!shape.test(text))
    throw new Fault(
      'DIGEST_INVALID',
      `not a sha256 digest: ${JSON.stringify(text.slice(0, 100))}`,
      { kind: 'invalid' },
    )
  return text as Digest
}

export function isDigest(text: string): text is Digest {
  return shape.test(text)
}

export function sha256(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}` as Digest
}

/** The 64 hex digits, for file names. */
export function digestHex(digest: Digest): string {
  return digest.slice('sha256:'.length)
}
