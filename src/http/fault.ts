import { Fault } from '../base/index.ts'

/** A URL without credentials and without its query, which may be a signature: for messages and logs. */
export function redactUrl(url: URL | string): string {
  const parsed = typeof url === 'string' ? parse(url) : url
  if (!parsed) return '(unreadable address)'
  return `${parsed.protocol}//${parsed.host}${parsed.pathname}${parsed.search === '' ? '' : '?…'}`
}

/** Codes that say that no connection was made: asking again at once seldom helps. */
const unreachable: ReadonlySet<string> = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
])

/**
 * A failed exchange as a fault: HTTP_UNREACHABLE when nobody answered, HTTP_TLS when the certificate or the handshake
 * was refused, HTTP_FAILED when the connection broke.
 */
export function httpFault(url: URL, error: unknown): Fault {
  const cause = error as NodeJS.ErrnoException
  const code = cause.code ?? ''
  const where = redactUrl(url)
  if (unreachable.has(code))
    return new Fault('HTTP_UNREACHABLE', `cannot reach ${url.host}: ${code}`, {
      hint: 'check the network and the proxy variables',
      cause,
    })
  if (isTls(code))
    return new Fault('HTTP_TLS', `no trusted connection to ${url.host}: ${code}`, {
      hint: 'name the certificate authority of your network with --ca FILE',
      cause,
    })
  return new Fault('HTTP_FAILED', `${where}: ${code || cause.message}`, { cause })
}

function isTls(code: string): boolean {
  return /^(?:ERR_(?:SSL|TLS)|EPROTO|CERT_|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_)/.test(code)
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null
}
