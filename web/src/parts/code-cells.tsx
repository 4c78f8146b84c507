import type { PageText } from '../data.ts'
import { duration, size, visible } from '../format.ts'
import type { LineRef } from '../state.ts'
import type { LineFact } from './line-facts.ts'

/** What a click on the bytes of a line does, and which line is chosen. */
export type Selection = {
  readonly line: LineRef | null
  readonly choose: (line: LineRef | null) => void
}

/** Shorter ones say nothing about a build. */
const shownSeconds = 0.1

/** Bytes and seconds of an instruction beside its first line; pressing it tells more. */
export function Gutter({
  text,
  side,
  fact,
  most,
  mark,
  selection,
}: {
  readonly text: PageText | null
  readonly side: LineRef['side']
  readonly fact: LineFact | undefined
  /** The largest of all, which fills the gutter. */
  readonly most: number
  readonly mark: string
  readonly selection: Selection
}) {
  const known = text && fact && text.instruction === text.line ? fact : undefined
  const bytes = known?.bytes ?? 0
  const width = (100 * Math.log10(1 + bytes / 1e4)) / Math.log10(1 + most / 1e4)
  const { line } = selection
  const chosen = text !== null && line?.side === side && line.line === text.line
  const { step } = known ?? {}
  return (
    <td class={`gutter ${mark} ${text?.builder ? 'builder' : ''}`}>
      {text && known && (bytes > 0 || (step?.seconds ?? 0) >= shownSeconds) && (
        <button
          type="button"
          aria-pressed={chosen}
          onClick={() => selection.choose(chosen ? null : { side, line: text.line })}
        >
          {width >= 2 && <span class="gutter-bar" style={`width:${width}%`} />}
          <span class="gutter-number">
            <span class="hidden-text">
              line {text.line} {side}:{' '}
            </span>
            {size(bytes)}
          </span>
          {step && (step.outcome === 'cached' || step.seconds >= shownSeconds) && (
            <small>{step.outcome === 'cached' ? 'cached' : duration(step.seconds)}</small>
          )}
        </button>
      )}
    </td>
  )
}

/** A line with its number; what is not there is blank. */
export function Code({
  text,
  mark,
  sign,
}: {
  readonly text: PageText | null
  readonly mark: string
  readonly sign: string
}) {
  if (!text) return <td class="blank" />
  return (
    <td class={`line ${mark} ${text.builder ? 'builder' : ''}`}>
      <span class="line-number">{text.line}</span>
      <span class="line-mark">{sign}</span>
      <code>{visible(text.text) || ' '}</code>
    </td>
  )
}
