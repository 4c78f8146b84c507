import { Fault } from '../base/index.ts'
import {
  type HttpAnswer,
  type HttpClient,
  mayLead,
  readAll,
  redactUrl,
  refuseTransient,
  withRetries,
} from '../http/index.ts'
import { type Challenge, parseChallenges } from './challenge.ts'
import type { CredentialSource, Credentials } from './types.ts'

/** What the challenge of one answer is met with. */
export type AuthRequest = {
  readonly http: HttpClient
  readonly registry: string
  /** E.g. `repository:library/python:pull`; none for a mere login. */
  readonly scopes: readonly string[]
  readonly credentials: CredentialSource | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Answers a 401: the value for `Authorization`, or null when nothing can be offered. Basic takes the credentials, Bearer
 * asks the token server that the registry names: over https only, unless the registry itself is spoken to in the
 * clear, and never at an address to which the registry's host may not send us (builders.md §6.3, 29).
 * @throws Fault UNAUTHORIZED when the token server refuses
 */
export async function answerChallenge(
  answer: HttpAnswer,
  request: AuthRequest,
): Promise<string | null> {
  const challenges = parseChallenges(answer.headers['www-authenticate'] ?? '')
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer')
  const known = await request.credentials?.(request.registry, request.signal)
  if (bearer) return `Bearer ${await fetchToken(bearer, answer, request, known)}`
  const basic = challenges.some(({ scheme }) => scheme === 'basic')
  return basic && known?.kind === 'password' ? basicAuth(known) : null
}

async function fetchToken(
  challenge: Challenge,
  answer: HttpAnswer,
  request: AuthRequest,
  known: Credentials | undefined,
): Promise<string> {
  const realm = realmOf(challenge, answer)
  const service = challenge.params.get('service') ?? ''
  const { http, scopes, signal } = request
  const options = {
    signal,
    ...(realm.hostname === answer.url.hostname
      ? {}
      : { allowAddress: (address: string) => mayLead(answer.address, address) }),
  }
  const reply = await withRetries(
    async () =>
      refuseTransient(await http.exchange(tokenRequest(realm, service, scopes, known), options)),
    { signal },
  )
  if (reply.status !== 200) {
    reply.discard()
    throw unauthorized(request.registry, `its token server answered ${reply.status}`)
  }
  const body = await readAll(reply.body, 65_536, `the token of ${realm.host}`)
  return tokenOf(body, request.registry)
}

function tokenRequest(
  realm: URL,
  service: string,
  scopes: readonly string[],
  known: Credentials | undefined,
): Parameters<HttpClient['exchange']>[0] {
  if (known?.kind === 'identity-token') {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'jettison',
      service,
      scope: scopes.join(' '),
      refresh_token: known.token,
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return { method: 'POST', url: realm, headers, body: Buffer.from(form.toString()) }
  }
  const url = new URL(realm)
  if (service !== '') url.searchParams.set('service', service)
  for (const scope of scopes) url.searchParams.append('scope', scope)
  if (!known) return { method: 'GET', url }
  return { method: 'GET', url, headers: { authorization: basicAuth(known) } }
}

function realmOf(challenge: Challenge, answer: HttpAnswer): URL {
  const text = challenge.params.get('realm') ?? ''
  const realm = URL.canParse(text) ? new URL(text) : null
  const clear = answer.url.protocol === 'http:'
  if (!realm || (realm.protocol !== 'https:' && !(clear && realm.protocol === 'http:')))
    throw unauthorized(
      answer.url.host,
      `it names the token server ${redactUrl(text)}, which is not https`,
    )
  return realm
}

function tokenOf(body: Buffer, registry: string): string {
  try {
    const document = JSON.parse(body.toString('utf8')) as Record<string, unknown>
    const token = document['token'] ?? document['access_token']
    // A token becomes a header: nothing that could end it.
    if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return token
  } catch {
    // Said below: the text itself may hold a secret.
  }
  throw unauthorized(registry, 'its token server gave no token')
}

function basicAuth({ username, password }: Credentials & { kind: 'password' }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function unauthorized(registry: string, why: string): Fault {
  return new Fault('UNAUTHORIZED', `cannot log in to ${registry}: ${why}`, {
    hint: `check the name, or log in with: jettison login ${registry}`,
  })
}
