import type { Pattern } from '../kinds.ts'
import { type KindId, kind, kindIds } from '../kinds.ts'

const lines: Readonly<Record<Pattern, string>> = {
  diagonal: 'M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6',
  'back-diagonal': 'M-2,6 L2,10 M0,0 L8,8 M6,-2 L10,2',
  horizontal: 'M0,4 L8,4',
  vertical: 'M4,0 L4,8',
  cross: 'M0,0 L8,8 M8,0 L0,8',
  grid: 'M0,4 L8,4 M4,0 L4,8',
  dots: 'M3.2,4 h1.6',
  hatch: 'M0,8 L8,0 M-2,2 L2,-2 M6,10 L10,6',
}

/** The fills of every kind, once for the whole page; a drawing names them by `fillOf`. */
export function PatternDefinitions() {
  return (
    <svg class="definitions" width="0" height="0" aria-hidden="true">
      <defs>
        {kindIds.map((id) => {
          const { fill, ink, pattern } = kind(id)
          return (
            pattern && (
              <pattern id={`kind-${id}`} width="8" height="8" patternUnits="userSpaceOnUse">
                <rect width="8" height="8" fill={fill} />
                <path
                  d={lines[pattern]}
                  stroke={ink}
                  stroke-opacity={id === 'hidden' ? 0.75 : 0.28}
                  stroke-width={pattern === 'dots' ? 1.6 : 1.2}
                  stroke-linecap="round"
                />
              </pattern>
            )
          )
        })}
      </defs>
    </svg>
  )
}

/** What is hidden stays hatched, whatever the reader chose. */
export function fillOf(id: KindId, patterns: boolean): string {
  const { fill, pattern } = kind(id)
  return pattern !== null && (patterns || id === 'hidden') ? `url(#kind-${id})` : fill
}

export function Swatch({ id, patterns }: { readonly id: KindId; readonly patterns: boolean }) {
  return (
    <svg class="swatch" width="14" height="14" aria-hidden="true">
      <rect x="0.5" y="0.5" width="13" height="13" fill={fillOf(id, patterns)} class="outline" />
    </svg>
  )
}

export function Legend({
  ids,
  patterns,
}: {
  readonly ids: readonly KindId[]
  readonly patterns: boolean
}) {
  return (
    <ul class="legend">
      {ids.map((id) => (
        <li key={id}>
          <Swatch id={id} patterns={patterns} /> {kind(id).title}
        </li>
      ))}
    </ul>
  )
}
