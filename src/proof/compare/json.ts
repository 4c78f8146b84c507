import type { Json } from '../../base/index.ts'
import { type Doubt, doubtsOf } from './doubts.ts'
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
  const seen = samples.map((sample) => differences(fat, sample))
  const varying = new Set(seen.flatMap((one) => one.map(({ pointer }) => pointer)))
  if (varying.has('')) return { kind: 'unstable', reason: "fat's own answers differ as a whole" }
  const notes: string[] = []
  const doubts: Doubt[] = []
  for (const difference of found) {
    const others = seen.flatMap((one) =>
      one.filter(({ pointer }) => pointer === difference.pointer),
    )
    const excuse = excuseFor(
      difference,
      varying,
      others.map(({ lean: value }) => value),
    )
    if (excuse === undefined)
      return {
        kind: 'different',
        fat: show(difference.pointer, difference.fat),
        lean: show(difference.pointer, difference.lean),
      }
    notes.push(excuse.note)
    doubts.push(...excuse.doubts)
  }
  return { kind: 'masked', notes, doubts }
}

type Excuse = { readonly note: string; readonly doubts: readonly Doubt[] }

/** `others` are the values that fat has at this place in other answers, where they differ. */
function excuseFor(
  { pointer, fat, lean }: Difference,
  varying: ReadonlySet<string>,
  others: readonly unknown[],
): Excuse | undefined {
  if (kindOf(fat) !== kindOf(lean)) return undefined
  if (typeof fat === 'string' || typeof fat === 'number') {
    const [a, b] = [normalise(String(fat)), normalise(String(lean))]
    if (a.text === b.text && a.text !== String(fat)) {
      const note = `${pointer}: ${firedRules(a, b).join(', ')} values differ`
      return {
        note,
        doubts: doubtsOf(
          a,
          b,
          others.map((other) => normalise(String(other))),
        ),
      }
    }
  }
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/')))
    if (varying.has(at)) return { note: `${pointer}: varies in fat itself`, doubts: [] }
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
