import { Fault } from '../../base/index.ts'
import { httpProbe } from './http-probe.ts'
import type { HttpProbe } from './types.ts'

type Fields = Readonly<Record<string, unknown>>

/** What a document offers: requests, and operations that it does not say enough about. */
export type FromOpenApi = {
  readonly probes: readonly HttpProbe[]
  readonly left: readonly string[]
}

/**
 * Requests from an OpenAPI 3 or Swagger 2 document: every GET whose required parameters have an example, a default or a
 * list of values, then every POST with a documented example of its body. Nothing is made up.
 * @param value the parsed document
 * @param port for documents whose server has none
 * @throws Fault PROBE_FILE_INVALID
 */
export function fromOpenApi(value: unknown, file: string, port: number | undefined): FromOpenApi {
  const root = fieldsOf(value)
  const paths = Object.entries(fieldsOf(root['paths']))
  if ((root['openapi'] ?? root['swagger']) === undefined || paths.length === 0)
    throw new Fault('PROBE_FILE_INVALID', `${file} is no OpenAPI document with paths`, {
      kind: 'invalid',
    })
  const server = serverOf(root)
  const own = server.port ?? port
  if (own === undefined)
    throw new Fault(
      'PROBE_FILE_INVALID',
      `${file}: no server has a port, and the image exposes none`,
      {
        kind: 'invalid',
      },
    )
  const probes: HttpProbe[] = []
  const left: string[] = []
  for (const method of ['get', 'post'] as const)
    for (const [path, item] of paths) {
      const operation = fieldsOf(item)[method]
      if (operation === undefined) continue
      const request = requestOf(root, path, fieldsOf(item), fieldsOf(operation))
      const needsBody = method === 'post' && request?.body === undefined
      if (!request || needsBody) {
        left.push(`${method.toUpperCase()} ${path}`)
        continue
      }
      const made = httpProbe(
        { ...request, method, port: own, path: `${server.path}${request.path}` },
        'openapi',
      )
      if (typeof made !== 'string') probes.push(made)
    }
  return { probes, left }
}

type Request = {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** Undefined when a required parameter has no value that the document gives. */
function requestOf(
  root: Fields,
  template: string,
  item: Fields,
  operation: Fields,
): Request | undefined {
  let path = template
  const query: string[] = []
  const headers: Record<string, string> = {}
  for (const parameter of parametersOf(root, item, operation)) {
    const { name, in: place } = parameter
    if (typeof name !== 'string' || (parameter['required'] !== true && place !== 'path')) continue
    const given = exampleOf(root, parameter)
    if (given === undefined || typeof given === 'object') return undefined
    const text = encodeURIComponent(String(given))
    if (place === 'path') path = path.replaceAll(`{${name}}`, text)
    else if (place === 'query') query.push(`${encodeURIComponent(name)}=${text}`)
    else if (place === 'header') headers[name] = String(given)
    else return undefined
  }
  if (path.includes('{')) return undefined
  const body = bodyOf(root, operation)
  if (body) headers['content-type'] = body.type
  return {
    path: query.length > 0 ? `${path}?${query.join('&')}` : path,
    headers,
    body: body?.text,
  }
}

function parametersOf(root: Fields, item: Fields, operation: Fields): readonly Fields[] {
  const all = [item['parameters'], operation['parameters']].flatMap((list) =>
    Array.isArray(list) ? list.map((one: unknown) => resolved(root, one)) : [],
  )
  // The operation's own wins over the path's.
  return [
    ...new Map(all.map((one) => [`${String(one['in'])} ${String(one['name'])}`, one])).values(),
  ]
}

function bodyOf(
  root: Fields,
  operation: Fields,
): { readonly type: string; readonly text: string } | undefined {
  const content = fieldsOf(resolved(root, operation['requestBody'])['content'])
  for (const [type, media] of Object.entries(content)) {
    const given = exampleOf(root, fieldsOf(media))
    if (given === undefined) continue
    if (type.includes('json')) return { type, text: JSON.stringify(given) }
    if (typeof given === 'string') return { type, text: given }
  }
  return undefined
}

/** `example`, the first of `examples`, then the schema's own, its default, the first of its values. */
function exampleOf(root: Fields, holder: Fields): unknown {
  if (holder['example'] !== undefined) return holder['example']
  const [first] = Object.values(fieldsOf(holder['examples']))
  const value = resolved(root, first)['value']
  if (value !== undefined) return value
  const schema = holder['schema'] === undefined ? holder : resolved(root, holder['schema'])
  const examples = Array.isArray(schema['examples']) ? schema['examples'] : []
  const values = Array.isArray(schema['enum']) ? schema['enum'] : []
  return [schema['example'], examples[0], schema['default'], values[0]].find(
    (one: unknown) => one !== undefined,
  )
}

/** A server on another machine says which path the app has, not which port it has in its container. */
function serverOf(root: Fields): { readonly port: number | undefined; readonly path: string } {
  const servers = Array.isArray(root['servers']) ? root['servers'] : []
  const url = fieldsOf(servers[0])['url']
  const text =
    typeof url === 'string' ? url : typeof root['basePath'] === 'string' ? root['basePath'] : ''
  const match = /^(?:https?:\/\/([^/:]+)(?::(\d+))?)?(\/[^?#{]*)?/.exec(text)
  const own = /^(?:localhost|127\.0\.0\.1|0\.0\.0\.0)$/.test(match?.[1] ?? '')
  return {
    port: own && match?.[2] ? Number(match[2]) : undefined,
    path: (match?.[3] ?? '').replace(/\/+$/, ''),
  }
}

/** Follows a `$ref` inside the document (RFC 6901), a few steps at most. */
function resolved(root: Fields, value: unknown, steps = 8): Fields {
  const fields = fieldsOf(value)
  const ref = fields['$ref']
  if (typeof ref !== 'string') return fields
  if (!ref.startsWith('#/') || steps === 0) return {}
  const found = ref
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, part) => fieldsOf(at)[part], root)
  return resolved(root, found, steps - 1)
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {}
}
