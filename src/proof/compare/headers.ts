import { type Doubt, doubtsOf } from './doubts.ts'
import { type Normalised, normalise } from './normalise.ts'
import type { Likeness } from './text.ts'

/** Headers whose values are not compared, and why; that both sides send them is compared all the same. */
export const ignoredHeaders: Readonly<Record<string, string>> = {
  date: 'the time of the answer',
  age: 'the time since a cache stored it',
  expires: 'derived from the time of the answer',
  'last-modified': 'the time of a file; the body is compared instead',
  etag: 'often made of the time of a file; the body is compared instead',
  'content-length': 'the body is compared instead',
  'x-request-id': 'new in each answer',
  'x-correlation-id': 'new in each answer',
  'x-trace-id': 'new in each answer',
  traceparent: 'new in each answer',
  'x-runtime': 'a duration',
  'x-response-time': 'a duration',
  'x-process-time': 'a duration',
  'server-timing': 'a duration',
}

type Headers = Readonly<Record<string, string>>

/** Compares names and values; cookies by name and attributes. Names are compared without case (RFC 9110 §5.1). */
export function compareHeaders(fat: Headers, lean: Headers, samples: readonly Headers[]): Likeness {
  const a = folded(fat)
  const b = folded(lean)
  const others = samples.map(folded)
  const notes: string[] = []
  const doubts: Doubt[] = []
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    const left = a.get(name)
    const right = b.get(name)
    if (left === right) continue
    const varies = others.some((other) => other.get(name) !== left)
    if (varies) notes.push(`${name}: varies in fat itself`)
    else if (left === undefined || right === undefined)
      return {
        kind: 'different',
        fat: `${name}: ${left ?? 'absent'}`,
        lean: `${name}: ${right ?? 'absent'}`,
      }
    else if (ignoredHeaders[name] !== undefined) notes.push(`${name}: ${ignoredHeaders[name]}`)
    else if (comparable(name, left).text === comparable(name, right).text) {
      notes.push(`${name}: values normalised`)
      const samples = others.map((other) => comparable(name, other.get(name) ?? ''))
      doubts.push(...doubtsOf(comparable(name, left), comparable(name, right), samples))
    } else return { kind: 'different', fat: `${name}: ${left}`, lean: `${name}: ${right}` }
  }
  return notes.length === 0 ? { kind: 'equal' } : { kind: 'masked', notes, doubts }
}

function comparable(name: string, value: string): Normalised {
  const text = name === 'set-cookie' ? value.replace(/^([^=;\s]+)=[^;\n]*/gm, '$1=<value>') : value
  return normalise(text)
}

function folded(headers: Headers): ReadonlyMap<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
