import { Fault } from '../base/index.ts'
import { mayLead } from './addresses.ts'
import type { ExchangeOptions, HttpAnswer, HttpClient, HttpRequest } from './client.ts'
import { redactUrl } from './fault.ts'

const most = 10

/**
 * Follows the redirects of a GET or HEAD. Credentials stay with the host they were meant for (CVE-2020-15157), https
 * does not fall back to http, and another host's private addresses are out of reach (builders.md §6.3, 30).
 * @throws Fault HTTP_REDIRECT, HTTP_ADDRESS_REFUSED
 */
export async function followRedirects(
  client: HttpClient,
  request: HttpRequest & { readonly method: 'GET' | 'HEAD' },
  options: ExchangeOptions = {},
): Promise<HttpAnswer> {
  let current: HttpRequest = request
  let origin: HttpAnswer | undefined
  for (let hops = 0; hops <= most; hops++) {
    const { allowAddress } = guard(current.url, origin)
    const answer = await client.exchange(current, {
      ...options,
      ...(allowAddress ? { allowAddress } : {}),
    })
    const { location } = answer.headers
    if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return answer
    answer.discard()
    origin ??= answer
    current = redirected(current, location)
  }
  throw new Fault('HTTP_REDIRECT', `${redactUrl(request.url)} redirects more than ${most} times`)
}

function redirected(request: HttpRequest, location: string): HttpRequest {
  const from = redactUrl(request.url)
  if (!URL.canParse(location, request.url.href))
    throw new Fault('HTTP_REDIRECT', `${from} redirects to something that is no address`)
  const url = new URL(location, request.url)
  if (url.protocol !== 'https:' && (request.url.protocol === 'https:' || url.protocol !== 'http:'))
    throw new Fault('HTTP_REDIRECT', `${from} redirects to ${redactUrl(url)}, which is not https`)
  // User information in a Location would be somebody else's credentials.
  url.username = ''
  url.password = ''
  if (url.origin === request.url.origin) return { ...request, url }
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).filter(
      ([name]) => !/^(?:authorization|cookie|proxy-)/i.test(name),
    ),
  )
  return { ...request, url, headers }
}

function guard(url: URL, origin: HttpAnswer | undefined): Pick<ExchangeOptions, 'allowAddress'> {
  if (!origin || url.hostname === origin.url.hostname) return {}
  return { allowAddress: (address) => mayLead(origin.address, address) }
}
