import type { Json } from '../../base/index.ts'
import { firedRules, normalise } from './normalise.ts'
import type { Likeness } from './text.ts'

/** One place at which two JSON values differ, as a JSON pointer (RFC 6901); '' is the whole document. */
type Difference = { readonly pointer: string; readonly fat: unknown; readonly lean: unknown }

/**
 * The value, or undefined when the text is not JSON that JavaScript keeps exactly: a number of 16 digits or more
 * could be rounded onto another one, and two different answers would look equal.
 */
export function exactJson(text: string): { readonly value: Json } | undefined {
  if (/\d{16}/.test(text)) return undefined
  try {
    return { value: JSON.parse(text) as Json }
  } catch {
    return undefined
  }
}

/**
 * Compares two JSON answers, whatever the order of their keys. Values that differ between fat's own answers
 * (`samples`) are compared by type only; values of the patterns in `rules` by pattern.
 */
export function compareJson(fat: Json, lean: Json, samples: readonly Json[]): Likeness {
  const found = differences(fat, lean)
  if (found.length === 0) return { kind: 'equal' }
  const varying = new Set(
    samples.flatMap((sample) => differences(fat, sample).map(({ pointer }) => pointer)),
  )
  if (varying.has('')) return { kind: 'unstable', reason: "fat's own answers differ as a whole" }
  const notes: string[] = []
  for (const difference of found) {
    const excuse = excuseFor(difference, varying)
    if (excuse === undefined)
      return {
        kind: 'different',
        fat: show(difference.pointer, difference.fat),
        lean: show(difference.pointer, difference.lean),
      }
    notes.push(excuse)
  }
  return { kind: 'masked', notes }
}

function excuseFor(
  { pointer, fat, lean }: Difference,
  varying: ReadonlySet<string>,
): string | undefined {
  if (kindOf(fat) !== kindOf(lean)) return undefined
  if (typeof fat === 'string' && typeof lean === 'string') {
    const a = normalise(fat)
    const b = normalise(lean)
    if (a.text === b.text) return `${pointer}: ${firedRules(a, b).join(', ')} values differ`
  }
  if (typeof fat === 'number' && typeof lean === 'number') {
    const a = normalise(String(fat))
    const b = normalise(String(lean))
    if (a.text === b.text && a.text !== String(fat)) return `${pointer}: epoch values differ`
  }
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/')))
    if (varying.has(at)) return `${pointer}: varies in fat itself`
  return undefined
}

/** Leaves that differ; a difference of type, of key or of length is reported at the value that has it. */
function differences(a: unknown, b: unknown, pointer = ''): readonly Difference[] {
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return [{ pointer, fat: a, lean: b }]
    return a.flatMap((item, at) => differences(item, b[at], `${pointer}/${at}`))
  }
  if (isObject(a) && isObject(b)) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    return keys.flatMap((key) => differences(a[key], b[key], `${pointer}/${escaped(key)}`))
  }
  return Object.is(a, b) ? [] : [{ pointer, fat: a, lean: b }]
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

function show(pointer: string, value: unknown): string {
  const text = value === undefined ? 'absent' : JSON.stringify(value)
  return `${pointer === '' ? 'document' : pointer}: ${text.slice(0, 400)}`
}
