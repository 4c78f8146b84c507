import { closest, Fault } from '../base/index.ts'
import { nowhere, type Origin } from './origin.ts'

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
  /** Names with texts, as `env`. */
  pairs: Readonly<Record<string, string>>
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
  origin: Origin,
): Readonly<Record<string, unknown>> {
  // A misspelt option that is ignored is a gate that stands open.
  for (const name of Object.keys(given))
    if (!Object.hasOwn(table, name))
      throw invalid(
        origin,
        ['policies', id, name],
        `${id} has no option ${name}`,
        didYouMean(name, ['level', ...Object.keys(table)], `${id} knows`),
      )
  return Object.fromEntries(
    Object.entries(table).map(([name, kind]) => {
      const value = given[name]
      if (value === undefined && kind.endsWith('?')) return [name, null]
      const key: Key = ['policies', id, name]
      if (value === undefined) throw invalid(origin, ['policies', id], `${id} needs ${name}`)
      return [name, readers[kind.replace('?', '') as keyof Kinds](value, key, origin)]
    }),
  )
}

const readers: {
  readonly [Name in keyof Kinds]: (value: unknown, key: Key, origin: Origin) => Kinds[Name]
} = {
  size: (value, key, origin) => {
    const bytes = sizeOf(value)
    if (bytes === null) throw invalid(origin, key, `${shown(value)} is no size`, sizes)
    return bytes
  },
  count: (value, key, origin) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 0)
      throw invalid(origin, key, `${key.at(-1)} must be a whole number`)
    return value
  },
  percent: (value, key, origin) => {
    if (typeof value !== 'number' || !(value >= 0 && value <= 100))
      throw invalid(origin, key, `${key.at(-1)} must be a number from 0 to 100`)
    return value
  },
  text: (value, key, origin) => {
    if (typeof value !== 'string' || value === '')
      throw invalid(origin, key, `${key.at(-1)} must be text`)
    return value
  },
  texts: (value, key, origin) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : []
    if (list.length === 0 || list.some((one) => typeof one !== 'string' || one === ''))
      throw invalid(origin, key, `${key.at(-1)} must be a list of names`)
    return list as readonly string[]
  },
  flag: (value, key, origin) => {
    if (typeof value !== 'boolean')
      throw invalid(origin, key, `${key.at(-1)} must be true or false`)
    return value
  },
  pairs: (value, key, origin) => {
    const whole = value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}
    const pairs = Object.entries(whole)
    if (pairs.length === 0 || pairs.some(([, one]) => typeof one !== 'string'))
      throw invalid(
        origin,
        key,
        `${key.at(-1)} must be a mapping of names to text`,
        'numbers and true or false are written in quotes',
      )
    return Object.fromEntries(pairs) as Readonly<Record<string, string>>
  },
}

/** `200MB` (decimal), `190MiB` (binary) or a number of bytes. @throws Fault POLICY_INVALID */
export function parseSize(value: unknown, key: string, file: string): number {
  const bytes = sizeOf(value)
  if (bytes !== null) return bytes
  throw invalid(nowhere(file), [key], `${shown(value)} is no size`, sizes)
}

const sizes = 'sizes are written as 200MB, 1.5GB or 190MiB'

function sizeOf(value: unknown): number | null {
  if (typeof value === 'number' && value > 0) return value
  const match = /^\s*(\d+(?:\.\d+)?)\s*(k|M|G|Ki|Mi|Gi)?B?\s*$/i.exec(
    typeof value === 'string' ? value : '',
  )
  return match ? Math.round(Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? 1)) : null
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

/** Names and indexes from the root of the file to a value. */
export type Key = readonly (string | number)[]

export function invalid(origin: Origin, key: Key, message: string, hint?: string): Fault {
  const path = key.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('')
  const at = path === '' ? '' : ` (at ${path.replace(/^\./, '')})`
  return new Fault('POLICY_INVALID', `${origin.name}: ${message}${at}`, {
    kind: 'invalid',
    hint,
    at: origin.place(key),
  })
}

/** The nearest known name, if one is near, and all of them. */
export function didYouMean(name: string, known: readonly string[], introduction: string): string {
  const near = closest(name, known)
  return `${near === undefined ? '' : `did you mean ${near}? `}${introduction} ${known.join(', ')}`
}

/** A value as a message quotes it. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
