import type { HttpProbe, ProbeOrigin } from './types.ts'

const methods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'OPTIONS',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
])

/**
 * A request from its parts. A body makes it a POST, and JSON is sent as JSON, everything else as a form, as curl's
 * `--json` and `-d` do, unless the parts say otherwise.
 * @returns what is wrong with the parts, in words
 */
export function httpProbe(
  parts: {
    readonly method?: string | undefined
    readonly port: number
    readonly path: string
    readonly headers?: Readonly<Record<string, string>> | undefined
    readonly body?: string | undefined
  },
  origin: ProbeOrigin,
): HttpProbe | string {
  const { port, path, body } = parts
  const method = (parts.method ?? (body === undefined ? 'GET' : 'POST')).toUpperCase()
  if (!methods.has(method)) return `unknown method ${parts.method}`
  if (!Number.isInteger(port) || port < 1 || port > 65535) return 'ports are 1 to 65535'
  if (!path.startsWith('/')) return 'a path starts with /'
  const headers = withType(parts.headers ?? {}, body)
  return {
    kind: 'http',
    method,
    port,
    path,
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(body === undefined ? {} : { body }),
    origin,
  }
}

function withType(
  headers: Readonly<Record<string, string>>,
  body: string | undefined,
): Readonly<Record<string, string>> {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  if (body === undefined || named) return headers
  const type = isJson(body) ? 'application/json' : 'application/x-www-form-urlencoded'
  return { ...headers, 'content-type': type }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
