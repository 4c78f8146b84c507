import { isIP } from 'node:net'
import { isLoopback, parseBlock } from './addresses.ts'

/** The values of the usual variables: whose proxy for which scheme, and the hosts that need none. */
export type ProxySettings = {
  readonly http: string | null
  readonly https: string | null
  /** `NO_PROXY`: hosts, `.domains`, addresses, address blocks, `*`; each may end in `:port`. */
  readonly none: string
}

/** The proxy for a URL or null. As Go's `ProxyFromEnvironment`: never one for this machine itself. */
export function proxyFor(url: URL, settings: ProxySettings | undefined): URL | null {
  const proxy = url.protocol === 'https:' ? settings?.https : settings?.http
  if (!settings || !proxy) return null
  const host = bareHost(url)
  if (host === 'localhost' || isLoopback(host)) return null
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  const exempt = settings.none
    .split(/[\s,]+/)
    .some((rule) => rule !== '' && isExempt(rule.toLowerCase(), host, port))
  return exempt ? null : new URL(proxy.includes('://') ? proxy : `http://${proxy}`)
}

/** The host without the brackets of an IPv6 address. */
export function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
}

/** `Proxy-Authorization` from the user information of the proxy's URL. */
export function proxyHeaders(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {}
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}

function isExempt(rule: string, host: string, port: string): boolean {
  if (rule === '*') return true
  const block = parseBlock(rule)
  if (block) return isIP(host) !== 0 && block(host)
  const [, name = '', rulePort] =
    /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIP(rule) === 6 ? `[${rule}]` : rule) ?? []
  if (rulePort !== undefined && rulePort !== port) return false
  const domain = name.replace(/^\*?\./, '')
  // A leading dot stands for the subdomains only.
  return (host === domain && name === domain) || (isIP(host) === 0 && host.endsWith(`.${domain}`))
}
