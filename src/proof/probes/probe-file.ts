import { Fault } from '../../base/index.ts'
import { httpProbe } from './http-probe.ts'
import { parseProbe } from './parse.ts'
import type { HttpProbe, Probe } from './types.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * Probes of a probe file: `{port: 5000, probes: [...]}` or the bare list. An entry is a text as `--probe` takes it, or
 * `{method, port, path, headers, body, expect: {status, body, contains}}`, or `{cmd: TEXT or [WORD, …]}`. A body that is
 * not a text is sent as JSON.
 * @param value the parsed document
 * @param defaultPort for entries without a port, when the file names none
 * @throws Fault PROBE_FILE_INVALID with the entry that is wrong
 */
export function parseProbeFile(
  value: unknown,
  file: string,
  defaultPort: number | undefined,
): readonly Probe[] {
  const root = Array.isArray(value) ? { probes: value } : fieldsOf(value, file, 'the file')
  refuseUnknown(root, ['port', 'probes'], file, 'the file')
  const { probes } = root
  if (!Array.isArray(probes) || probes.length === 0)
    throw invalid(file, 'probes', 'must be a list that is not empty')
  const port = root['port'] === undefined ? defaultPort : numberOf(root['port'], file, 'port')
  return probes.map((entry: unknown, at) => probeOf(entry, file, `probes[${at}]`, port))
}

function probeOf(entry: unknown, file: string, at: string, port: number | undefined): Probe {
  if (typeof entry === 'string') return parseProbe(entry)
  const fields = fieldsOf(entry, file, at)
  if (fields['cmd'] !== undefined) {
    refuseUnknown(fields, ['cmd'], file, at)
    const { cmd } = fields
    return parseProbe(`cmd: ${typeof cmd === 'string' ? cmd : JSON.stringify(cmd)}`)
  }
  refuseUnknown(fields, ['method', 'port', 'path', 'headers', 'body', 'expect'], file, at)
  const own = fields['port'] === undefined ? port : numberOf(fields['port'], file, `${at}.port`)
  if (own === undefined) throw invalid(file, `${at}.port`, 'is missing, and the image exposes none')
  const made = httpProbe(
    {
      method: fields['method'] === undefined ? undefined : textOf(fields['method'], file, at),
      port: own,
      path: textOf(fields['path'] ?? '/', file, `${at}.path`),
      headers: headersOf(fields['headers'], file, `${at}.headers`),
      body: bodyOf(fields['body']),
    },
    'given',
  )
  if (typeof made === 'string') throw invalid(file, at, made)
  return fields['expect'] === undefined
    ? made
    : { ...made, expect: expectOf(fields['expect'], file, `${at}.expect`) }
}

function expectOf(value: unknown, file: string, at: string): NonNullable<HttpProbe['expect']> {
  const fields = fieldsOf(value, file, at)
  refuseUnknown(fields, ['status', 'body', 'contains'], file, at)
  const body = bodyOf(fields['body'])
  const { status, contains } = fields
  return {
    ...(status === undefined ? {} : { status: numberOf(status, file, `${at}.status`) }),
    ...(body === undefined ? {} : { body }),
    ...(contains === undefined ? {} : { contains: textOf(contains, file, `${at}.contains`) }),
  }
}

function headersOf(value: unknown, file: string, at: string): Readonly<Record<string, string>> {
  if (value === undefined) return {}
  return Object.fromEntries(
    Object.entries(fieldsOf(value, file, at)).map(([name, one]) => {
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[\r\n]/.test(String(one)))
        throw invalid(file, `${at}.${name}`, 'is no header')
      return [name, String(one)]
    }),
  )
}

function bodyOf(value: unknown): string | undefined {
  return value === undefined || typeof value === 'string' ? value : JSON.stringify(value)
}

function textOf(value: unknown, file: string, at: string): string {
  if (typeof value === 'string') return value
  throw invalid(file, at, 'must be a text')
}

function numberOf(value: unknown, file: string, at: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw invalid(file, at, 'must be a number')
}

function fieldsOf(value: unknown, file: string, at: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields
  throw invalid(file, at, 'must be a mapping')
}

function refuseUnknown(fields: Fields, known: readonly string[], file: string, at: string): void {
  for (const name of Object.keys(fields))
    if (!known.includes(name))
      throw invalid(file, `${at}: ${name}`, `is unknown; known are ${known.join(', ')}`)
}

function invalid(file: string, at: string, why: string): Fault {
  return new Fault('PROBE_FILE_INVALID', `${file}: ${at} ${why}`, { kind: 'invalid' })
}
