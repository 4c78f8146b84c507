import { type Doubt, doubtsOf } from './doubts.ts'
import { firedRules, normalise } from './normalise.ts'

/**
 * How two texts relate. `masked` are equal but for parts that vary by nature; `notes` names what was masked.
 * `unstable` means that fat differs from itself in shape, so that its text says nothing about lean's.
 */
export type Likeness =
  | { readonly kind: 'equal' }
  | {
      readonly kind: 'masked'
      readonly notes: readonly string[]
      /** Masked values that fat repeats: to be decided with another process of fat. */
      readonly doubts?: readonly Doubt[]
    }
  | { readonly kind: 'different'; readonly fat: string; readonly lean: string }
  | { readonly kind: 'unstable'; readonly reason: string }

/**
 * Compares lean's text with fat's. `samples` are further answers of fat to the same question: a word that differs
 * between fat's own answers is not compared, everything else is.
 */
export function compareText(fat: string, lean: string, samples: readonly string[]): Likeness {
  if (fat === lean) return { kind: 'equal' }
  const a = normalise(fat)
  const b = normalise(lean)
  const others = samples.map((sample) => normalise(sample))
  const doubts = doubtsOf(a, b, others)
  if (a.text === b.text)
    return {
      kind: 'masked',
      notes: firedRules(a, b).map((rule) => `${rule} values differ`),
      doubts,
    }
  const compared = compareWords(
    words(a.text),
    words(b.text),
    others.map((other) => words(other.text)),
  )
  return compared.kind === 'masked' ? { ...compared, doubts } : compared
}

function compareWords(
  fat: readonly string[],
  lean: readonly string[],
  samples: readonly (readonly string[])[],
): Likeness {
  if (samples.some((sample) => sample.length !== fat.length))
    return { kind: 'unstable', reason: "fat's own answers differ in shape between two requests" }
  const varies = (at: number): boolean => samples.some((sample) => sample[at] !== fat[at])
  const wrong = Array.from({ length: Math.max(fat.length, lean.length) }, (_, at) => at).filter(
    (at) => fat[at] !== lean[at] && !varies(at),
  )
  const [first] = wrong
  if (first !== undefined || fat.length !== lean.length)
    return { kind: 'different', fat: around(fat, first ?? 0), lean: around(lean, first ?? 0) }
  if (samples.length > 0 && [lean, ...samples].every((other) => sameWords(fat, other)))
    return { kind: 'masked', notes: ['words come in another order, as in fat itself'] }
  const masked = fat.filter((_, at) => varies(at))
  if (fat.every((word, at) => varies(at) || /^\W*$/.test(word)))
    return { kind: 'unstable', reason: 'every word of fat differs between two requests' }
  return { kind: 'masked', notes: [`${masked.length} words vary in fat itself`] }
}

function sameWords(a: readonly string[], b: readonly string[]): boolean {
  const sorted = (words: readonly string[]): string =>
    [...words].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0)).join('\0')
  return a.length === b.length && sorted(a) === sorted(b)
}

/** Words and what separates them; joined they are the text again. */
function words(text: string): readonly string[] {
  return text.split(/(\s+|[<>"'=&;,:/?(){}[\]])/).filter((part) => part !== '')
}

function around(parts: readonly string[], at: number): string {
  return parts.slice(Math.max(0, at - 12), at + 24).join('')
}
