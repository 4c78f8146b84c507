/**
 * HTTP: requests over kept connections, with proxies, certificates, redirects and retries.
 * In: a request and a signal. Out: an answer whose body streams; nothing here knows what the bytes mean.
 */
export { isLoopback, isPublic, mayLead, parseBlock } from './addresses.ts'
export type { HostTls } from './agents.ts'
export {
  type ExchangeOptions,
  type HttpAnswer,
  type HttpClient,
  type HttpRequest,
  type HttpSettings,
  openHttp,
} from './client.ts'
export { redactUrl } from './fault.ts'
export { type ProxySettings, proxyFor } from './proxy.ts'
export { readAll } from './read.ts'
export { followRedirects } from './redirect.ts'
export { parseRetryAfter, type RetryOptions, refuseTransient, withRetries } from './retry.ts'
