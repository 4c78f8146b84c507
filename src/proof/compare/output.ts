import { compareText, type Likeness } from './text.ts'

/** The note of an output that is equal but for the order of its lines. */
export const otherOrder = 'lines come in another order'

/**
 * Compares what a command printed. Lines in another order are the same output with a note, because two streams of
 * one process reach a log in no fixed order; `samples` are further runs of fat.
 */
export function compareOutput(fat: string, lean: string, samples: readonly string[]): Likeness {
  const inOrder = compareText(fat, lean, samples)
  if (inOrder.kind !== 'different') return inOrder
  const sorted = compareText(lines(fat), lines(lean), [])
  if (sorted.kind === 'equal') return { kind: 'masked', notes: [otherOrder] }
  return inOrder
}

/**
 * The same for one stream, whose order says something (what a `sort` gave): it counts unless fat's own runs differ in it.
 */
export function compareStream(fat: string, lean: string, samples: readonly string[]): Likeness {
  const inOrder = compareText(fat, lean, samples)
  if (inOrder.kind !== 'different' || !samples.some((sample) => sample !== fat)) return inOrder
  return compareOutput(fat, lean, samples)
}

function lines(text: string): string {
  return text
    .split('\n')
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    .join('\n')
}
