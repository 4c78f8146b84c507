import { createHash } from 'node:crypto'

/** Java asks for a password to check the digest with; this is the one that every JDK's own store has. */
export const trustStorePassword = 'changeit'

const made = new WeakMap<Uint8Array, Uint8Array>()

/**
 * The certificates of a PEM bundle as a key store that a JVM of any version reads (JKS, version 2, as
 * `sun.security.provider.JavaKeyStore` writes it): a JVM has no option that names a PEM file. What is no certificate
 * in the bundle is left out; no certificate is parsed.
 */
export function javaTrustStore(bundle: Uint8Array): Uint8Array {
  const known = made.get(bundle)
  if (known) return known
  const store = keyStore(bundle)
  made.set(bundle, store)
  return store
}

const pem = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----([\sA-Za-z0-9+/=]+)-----END /g

function keyStore(bundle: Uint8Array): Uint8Array {
  const certificates = [...Buffer.from(bundle).toString('latin1').matchAll(pem)].map(([, text]) =>
    Buffer.from(text ?? '', 'base64'),
  )
  const body = Buffer.concat([
    numbers(0xfeedfeed, 2, certificates.length),
    ...certificates.flatMap((bytes, index) => [
      // A trusted certificate, its alias, and when it was added: never, so that the same bundle gives the same bytes.
      numbers(2),
      text(`ca-${index}`),
      numbers(0, 0),
      text('X.509'),
      numbers(bytes.length),
      bytes,
    ]),
  ])
  const password = Buffer.from(trustStorePassword, 'utf16le').swap16()
  const digest = createHash('sha1').update(password).update('Mighty Aphrodite').update(body)
  return Buffer.concat([body, digest.digest()])
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4)
  return bytes
}

/** `DataOutput.writeUTF` of plain ASCII. */
function text(value: string): Buffer {
  const bytes = Buffer.alloc(2 + value.length)
  bytes.writeUInt16BE(value.length)
  bytes.write(value, 2, 'latin1')
  return bytes
}
