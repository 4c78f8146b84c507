import { Fault } from '../base/index.ts'

/** What an option of a policy may be. A `?` after the kind: may be left out, and is null then. */
type Kinds = {
  /** Bytes: a number, or `200MB`, `190MiB`. */
  size: number
  /** A whole number from 0. */
  count: number
  /** A number from 0 to 100. */
  percent: number
  text: string
  texts: readonly string[]
  flag: boolean
}

export type Kind = keyof Kinds | `${keyof Kinds}?`
export type OptionTable = Readonly<Record<string, Kind>>

type ValueOf<K extends Kind> = K extends `${infer Name extends keyof Kinds}?`
  ? Kinds[Name] | null
  : K extends keyof Kinds
    ? Kinds[K]
    : never

export type OptionsOf<T extends OptionTable> = { readonly [Name in keyof T]: ValueOf<T[Name]> }

/** The options of one policy from their YAML value, checked by its table. @throws Fault POLICY_INVALID */
export function readOptions(
  id: string,
  table: OptionTable,
  given: Readonly<Record<string, unknown>>,
  file: string,
): Readonly<Record<string, unknown>> {
  // A misspelt option that is ignored is a gate that stands open.
  for (const name of Object.keys(given))
    if (!Object.hasOwn(table, name))
      throw invalid(
        file,
        `policies.${id}.${name}`,
        `unknown option ${name}`,
        `${id} knows ${Object.keys(table).join(', ') || 'no options'}`,
      )
  return Object.fromEntries(
    Object.entries(table).map(([name, kind]) => {
      const key = `policies.${id}.${name}`
      const value = given[name]
      if (value === undefined && kind.endsWith('?')) return [name, null]
      return [name, readers[kind.replace('?', '') as keyof Kinds](value, key, file)]
    }),
  )
}

const readers: {
  readonly [Name in keyof Kinds]: (value: unknown, key: string, file: string) => Kinds[Name]
} = {
  size: parseSize,
  count: (value, key, file) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
      throw invalid(file, key, `${key} must be a whole number`)
    return value
  },
  percent: (value, key, file) => {
    if (typeof value !== 'number' || !(value >= 0 && value <= 100))
      throw invalid(file, key, `${key} must be a number from 0 to 100`)
    return value
  },
  text: (value, key, file) => {
    if (typeof value !== 'string' || value === '') throw invalid(file, key, `${key} must be text`)
    return value
  },
  texts: (value, key, file) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : []
    if (list.length === 0 || list.some((one) => typeof one !== 'string' || one === ''))
      throw invalid(file, key, `${key} must be a list of names`)
    return list as readonly string[]
  },
  flag: (value, key, file) => {
    if (typeof value !== 'boolean') throw invalid(file, key, `${key} must be true or false`)
    return value
  },
}

/** `200MB` (decimal), `190MiB` (binary) or a number of bytes. @throws Fault POLICY_INVALID */
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
  return Math.round(Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? 1))
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  m: 1e6,
  g: 1e9,
  ki: 1024,
  mi: 1024 ** 2,
  gi: 1024 ** 3,
}

export function invalid(file: string, key: string, message: string, hint?: string): Fault {
  return new Fault('POLICY_INVALID', `${file}: ${message} (at ${key})`, { kind: 'invalid', hint })
}
