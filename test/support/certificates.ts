import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Files of one certificate and its key. */
export type Pair = { readonly cert: string; readonly key: string }

/** An authority of our own, made by openssl, in a folder that the caller removes. */
export function makeAuthority(folder: string): {
  readonly ca: Pair
  issue(name: string, addresses: string): Pair
} {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' })
  }
  const pairOf = (name: string): Pair => ({
    cert: join(folder, `${name}.crt`),
    key: join(folder, `${name}.key`),
  })
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
  const ca = pairOf('ca')
  openssl(
    'req',
    '-x509',
    ...curve,
    '-subj',
    '/CN=ours',
    '-days',
    '2',
    '-keyout',
    ca.key,
    '-out',
    ca.cert,
  )
  return {
    ca,
    issue: (name, addresses) => {
      const pair = pairOf(name)
      const request = join(folder, `${name}.csr`)
      const extensions = join(folder, `${name}.ext`)
      writeFileSync(extensions, `subjectAltName=${addresses}\n`)
      openssl('req', ...curve, '-subj', `/CN=${name}`, '-keyout', pair.key, '-out', request)
      openssl(
        ...['x509', '-req', '-in', request, '-CA', ca.cert, '-CAkey', ca.key, '-CAcreateserial'],
        ...['-days', '2', '-extfile', extensions, '-out', pair.cert],
      )
      return pair
    },
  }
}
