import { didYouMean, invalid, type Key } from './options.ts'
import type { Origin } from './origin.ts'

export type Mapping = Readonly<Record<string, unknown>>

export function isMapping(value: unknown): value is Mapping {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** @throws Fault POLICY_INVALID, as all of these */
export function mapping(value: unknown, key: Key, origin: Origin): Mapping {
  if (!isMapping(value))
    throw invalid(
      origin,
      key,
      `${nameOf(key)} must be a mapping`,
      'a mapping is lines of NAME: VALUE',
    )
  return value
}

export function list(value: unknown, key: Key, origin: Origin): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(origin, key, `${nameOf(key)} must be a list`)
  return value
}

/** One text or several. */
export function texts(value: unknown, key: Key, origin: Origin): readonly string[] {
  const found: readonly unknown[] = typeof value === 'string' ? [value] : list(value, key, origin)
  if (found.some((one) => typeof one !== 'string' || one === ''))
    throw invalid(origin, key, `${nameOf(key)} must be a name or a list of names`)
  return found as readonly string[]
}

/** A text that may be left out. */
export function optionalText(
  whole: Mapping,
  name: string,
  key: Key,
  origin: Origin,
): string | null {
  const value = whole[name]
  if (value === undefined) return null
  if (typeof value !== 'string' || value === '')
    throw invalid(origin, [...key, name], `${name} must be text`)
  return value
}

export function refuseOthers(
  value: Mapping,
  known: readonly string[],
  key: Key,
  origin: Origin,
): void {
  for (const name of Object.keys(value))
    if (!known.includes(name))
      throw invalid(
        origin,
        [...key, name],
        `unknown key ${name}`,
        didYouMean(name, known, 'known keys:'),
      )
}

function nameOf(key: Key): string {
  return key.length === 0 ? 'the file' : String(key.at(-1))
}
