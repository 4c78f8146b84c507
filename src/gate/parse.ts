import { Fault } from '../base/index.ts'
import type { Policy } from './types.ts'

/**
 * Policies from the value of a `jettison.yaml`: `{version: 1, policies: {ID: {…}}}`.
 * @throws Fault POLICY_INVALID with the key that is wrong
 */
export function parsePolicies(value: unknown, file: string): readonly Policy[] {
  const root = object(value, 'the file', file)
  if (root['version'] !== 1) throw invalid(file, 'version', 'version must be 1')
  for (const key of Object.keys(root))
    if (!['version', 'policies', 'probes'].includes(key))
      throw invalid(file, key, `unknown key ${key}`, 'known keys: version, policies, probes')
  const policies = object(root['policies'], 'policies', file)
  return Object.entries(policies).map(([id, options]) =>
    parsePolicy(id, object(options, `policies.${id}`, file), file),
  )
}

/** Extra probes of the file, as `--probe` takes them. */
export function parseProbes(value: unknown, file: string): readonly string[] {
  const probes = object(value, 'the file', file)['probes']
  if (probes === undefined) return []
  if (!Array.isArray(probes) || probes.some((probe) => typeof probe !== 'string'))
    throw invalid(file, 'probes', 'probes must be a list of strings')
  return probes as string[]
}

/** The options of each policy; `in` says what is judged anyway, in words. */
const knownOptions: Readonly<Record<string, readonly string[]>> = {
  'min-stages': ['min'],
  'image-size': ['max'],
  'http-probe': ['url', 'status', 'body'],
  'forbidden-packages': ['packages', 'in'],
  'runtime-base': ['image'],
}

/** A misspelt option that is ignored is a gate that stands open. */
function refuseUnknown(id: string, options: Readonly<Record<string, unknown>>, file: string): void {
  const known = Object.hasOwn(knownOptions, id) ? (knownOptions[id] ?? []) : Object.keys(options)
  for (const name of Object.keys(options))
    if (!known.includes(name))
      throw invalid(
        file,
        `policies.${id}.${name}`,
        `unknown option ${name}`,
        `${id} knows ${known.join(', ')}`,
      )
  if ('in' in options && options['in'] !== 'final-layers')
    throw invalid(file, `policies.${id}.in`, 'in can only be final-layers')
}

function parsePolicy(id: string, options: Readonly<Record<string, unknown>>, file: string): Policy {
  refuseUnknown(id, options, file)
  switch (id) {
    case 'min-stages':
      return { id, min: number(options['min'], `${id}.min`, file) }
    case 'image-size':
      return { id, max: parseSize(options['max'], `${id}.max`, file) }
    case 'http-probe': {
      const url = text(options['url'], `${id}.url`, file)
      const match = /^http:\/\/[^/:]*:(\d+)(\/.*)?$/.exec(url)
      if (!match)
        throw invalid(
          file,
          `${id}.url`,
          `${url} is no URL of the app`,
          'write it as http://:5000/health',
        )
      return {
        id,
        url,
        port: Number(match[1]),
        path: match[2] ?? '/',
        status:
          options['status'] === undefined ? 200 : number(options['status'], `${id}.status`, file),
        body: options['body'] === undefined ? null : text(options['body'], `${id}.body`, file),
      }
    }
    case 'forbidden-packages': {
      const packages = options['packages']
      if (
        !Array.isArray(packages) ||
        packages.length === 0 ||
        packages.some((name) => typeof name !== 'string')
      )
        throw invalid(file, `${id}.packages`, 'packages must be a list of names')
      return { id, packages: packages as string[] }
    }
    case 'runtime-base':
      return { id, image: text(options['image'], `${id}.image`, file) }
    default:
      throw invalid(
        file,
        `policies.${id}`,
        `unknown policy ${id}`,
        'known policies: min-stages, image-size, http-probe, forbidden-packages, runtime-base',
      )
  }
}

/** `200MB` (decimal), `190MiB` (binary) or a number of bytes. */
export function parseSize(value: unknown, key: string, file: string): number {
  if (typeof value === 'number' && value > 0) return value
  const match = /^\s*(\d+(?:\.\d+)?)\s*(k|M|G|Ki|Mi|Gi)?B?\s*$/i.exec(
    typeof value === 'string' ? value : '',
  )
  if (!match)
    throw invalid(
      file,
      key,
      `${String(value)} is no size`,
      'sizes are written as 200MB, 1.5GB or 190MiB',
    )
  const units: Readonly<Record<string, number>> = {
    '': 1,
    k: 1e3,
    m: 1e6,
    g: 1e9,
    ki: 1024,
    mi: 1024 ** 2,
    gi: 1024 ** 3,
  }
  return Math.round(Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? 1))
}

function object(value: unknown, key: string, file: string): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw invalid(file, key, `${key} must be a mapping`)
  return value as Readonly<Record<string, unknown>>
}

function number(value: unknown, key: string, file: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
    throw invalid(file, key, `${key} must be a whole number`)
  return value
}

function text(value: unknown, key: string, file: string): string {
  if (typeof value !== 'string' || value === '') throw invalid(file, key, `${key} must be text`)
  return value
}

function invalid(file: string, key: string, message: string, hint?: string): Fault {
  return new Fault('POLICY_INVALID', `${file}: ${message} (at ${key})`, { kind: 'invalid', hint })
}
