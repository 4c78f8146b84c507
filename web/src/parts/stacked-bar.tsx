import { size } from '../format.ts'
import { type KindId, kind } from '../kinds.ts'
import { fillOf } from './patterns.tsx'

export type Segment = { readonly id: KindId; readonly bytes: number }

/** One bar of segments on the scale of `whole`; a segment that is wide enough for it carries its size. */
export function StackedBar({
  segments,
  whole,
  patterns,
  label,
  height = 22,
  labelled = true,
}: {
  readonly segments: readonly Segment[]
  readonly whole: number
  readonly patterns: boolean
  readonly label: string
  readonly height?: number
  /** Sizes inside the wider segments. */
  readonly labelled?: boolean
}) {
  let left = 0
  const parts = segments
    .filter(({ bytes }) => bytes > 0)
    .map((segment) => {
      const width = (100 * segment.bytes) / Math.max(1, whole)
      const part = { ...segment, left, width }
      left += width
      return part
    })
  return (
    <div class="bar" role="img" aria-label={`${label}: ${describe(segments)}`}>
      <svg width="100%" height={height} aria-hidden="true">
        {parts.map(({ id, left: x, width, bytes }) => (
          <rect
            key={`${id}-${x}`}
            x={`${x}%`}
            y="0"
            width={`${width}%`}
            height={height}
            fill={fillOf(id, patterns)}
            class="outline"
          >
            <title>{`${kind(id).title} ${size(bytes)}`}</title>
          </rect>
        ))}
      </svg>
      {parts
        .filter(({ width }) => labelled && width >= 4)
        .map(({ id, left: x, width, bytes }) => (
          <span
            key={`${id}-${x}`}
            class="bar-label"
            aria-hidden="true"
            style={`left:${x}%;width:${width}%`}
          >
            <b style={`background:${kind(id).fill};color:${kind(id).ink}`}>{size(bytes)}</b>
          </span>
        ))}
    </div>
  )
}

function describe(segments: readonly Segment[]): string {
  return segments
    .filter(({ bytes }) => bytes > 0)
    .map(({ id, bytes }) => `${kind(id).title} ${size(bytes)}`)
    .join(', ')
}
