import {
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
} from 'node:crypto'
import { Fault } from '../../../base/index.ts'
import { mpint, type Reader, reader, string } from './wire.ts'

/** A private key as an agent holds it. */
export type AgentKey = {
  /** What the server knows it by (RFC 4253 §6.6). */
  readonly blob: Buffer
  readonly comment: string
  /** @param flags 2 asks for rsa-sha2-256, 4 for rsa-sha2-512 (draft-miller-ssh-agent §4.5.1) */
  sign(data: Uint8Array, flags: number): Buffer
}

const curves: Readonly<Record<string, { readonly name: string; readonly hash: string }>> = {
  'P-256': { name: 'nistp256', hash: 'sha256' },
  'P-384': { name: 'nistp384', hash: 'sha384' },
  'P-521': { name: 'nistp521', hash: 'sha512' },
}

/**
 * Reads an Ed25519, ECDSA or RSA key in OpenSSH's own format (PROTOCOL.key) or as PEM.
 * @throws Fault SSH_KEY_INVALID, for a key with a passphrase too: nobody is there to type it
 */
export function readKey(bytes: Uint8Array, name: string): AgentKey {
  const text = Buffer.from(bytes).toString('latin1')
  try {
    const own = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)?.[1]
    if (own === undefined) return keyOf(createPrivateKey(text), name)
    const { jwk, comment } = openSshKey(Buffer.from(own, 'base64'))
    return keyOf(createPrivateKey({ key: jwk, format: 'jwk' }), comment || name)
  } catch (error) {
    throw unusable(text, name, error)
  }
}

function unusable(text: string, name: string, cause: unknown): Fault {
  const locked = /passphrase|ENCRYPTED|decrypt/i.test(`${text.slice(0, 200)} ${String(cause)}`)
  const why = locked ? 'it has a passphrase' : 'it is no private key that is known here'
  return new Fault('SSH_KEY_INVALID', `${name} cannot be used as an SSH key: ${why}`, {
    kind: 'invalid',
    hint: locked
      ? 'add it to an ssh-agent (ssh-add) and pass --ssh default'
      : 'Ed25519, ECDSA and RSA keys can be used, as ssh-keygen writes them',
    cause,
  })
}

function keyOf(key: KeyObject, comment: string): AgentKey {
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  const part = (value: string | undefined): Buffer => Buffer.from(value ?? '', 'base64url')
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519')
    return {
      blob: Buffer.concat([string('ssh-ed25519'), string(part(jwk.x))]),
      comment,
      sign: (data) => Buffer.concat([string('ssh-ed25519'), string(sign(null, data, key))]),
    }
  const curve = curves[jwk.crv ?? '']
  if (jwk.kty === 'EC' && curve) {
    const type = `ecdsa-sha2-${curve.name}`
    const point = Buffer.concat([Buffer.from([4]), part(jwk.x), part(jwk.y)])
    return {
      blob: Buffer.concat([string(type), string(curve.name), string(point)]),
      comment,
      sign: (data) => {
        const pair = sign(curve.hash, data, { key, dsaEncoding: 'ieee-p1363' })
        const [r, s] = [pair.subarray(0, pair.length / 2), pair.subarray(pair.length / 2)]
        return Buffer.concat([string(type), string(Buffer.concat([mpint(r), mpint(s)]))])
      },
    }
  }
  if (jwk.kty === 'RSA')
    return {
      blob: Buffer.concat([string('ssh-rsa'), mpint(part(jwk.e)), mpint(part(jwk.n))]),
      comment,
      sign: (data, flags) => {
        const [type, hash] =
          flags & 4
            ? (['rsa-sha2-512', 'sha512'] as const)
            : flags & 2
              ? (['rsa-sha2-256', 'sha256'] as const)
              : (['ssh-rsa', 'sha1'] as const)
        return Buffer.concat([string(type), string(sign(hash, data, key))])
      },
    }
  throw new TypeError(`keys of type ${String(key.asymmetricKeyType)} are not known`)
}

const magic = Buffer.from('openssh-key-v1\0')

/** OpenSSH's PROTOCOL.key; one key, not encrypted. */
function openSshKey(bytes: Buffer): { readonly jwk: JsonWebKey; readonly comment: string } {
  if (!bytes.subarray(0, magic.length).equals(magic)) throw new TypeError('not an OpenSSH key')
  const outer = reader(bytes.subarray(magic.length))
  const cipher = outer.string().toString()
  outer.string()
  outer.string()
  if (cipher !== 'none') throw new TypeError('it has a passphrase')
  if (outer.uint32() !== 1) throw new TypeError('more than one key')
  outer.string()
  const inner = reader(outer.string())
  const check = inner.uint32()
  if (check !== inner.uint32()) throw new TypeError('damaged')
  const type = inner.string().toString()
  return { jwk: jwkOf(type, inner), comment: inner.string().toString() }
}

function jwkOf(type: string, inner: Reader): JsonWebKey {
  if (type === 'ssh-ed25519') {
    const x = encode(inner.string())
    return { kty: 'OKP', crv: 'Ed25519', x, d: encode(inner.string().subarray(0, 32)) }
  }
  if (type.startsWith('ecdsa-sha2-')) {
    const name = inner.string().toString()
    const crv = Object.keys(curves).find((known) => curves[known]?.name === name)
    if (crv === undefined) throw new TypeError(`the curve ${name} is not known`)
    const point = inner.string()
    const half = (point.length - 1) / 2
    const d = bigEndian(number(inner.string()), half)
    const [x, y] = [point.subarray(1, 1 + half), point.subarray(1 + half)]
    return { kty: 'EC', crv, x: encode(x), y: encode(y), d: encode(d) }
  }
  if (type !== 'ssh-rsa') throw new TypeError(`keys of type ${type} are not known`)
  const fields = Array.from({ length: 6 }, () => number(inner.string()))
  const [n = 0n, e = 0n, d = 0n, qi = 0n, p = 0n, q = 0n] = fields
  const all = { n, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi }
  const texts = Object.entries(all).map(([name, value]) => [name, encode(bigEndian(value))])
  return { kty: 'RSA', ...(Object.fromEntries(texts) as JsonWebKey) }
}

function number(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`)
}

function bigEndian(value: bigint, length = 0): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return bytes.length >= length
    ? bytes
    : Buffer.concat([Buffer.alloc(length - bytes.length), bytes])
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64url')
}
