import type { PageData } from '../data.ts'
import { middle, size, visible } from '../format.ts'
import { kindIds, kindOf } from '../kinds.ts'
import type { State } from '../state.ts'
import { isOpenable, type Node, weightOn } from '../tree.ts'
import { Legend } from './patterns.tsx'
import { tintOf } from './tile-fill.ts'

const most = 14

/** What the colours of the map mean, whatever they stand for; of many, those that weigh most. */
export function MapLegend({
  node,
  data,
  state,
}: {
  readonly node: Node
  readonly data: PageData
  readonly state: State
}) {
  if (state.colour === 'category') {
    const used = new Set(data.categories.map(kindOf))
    return <Legend ids={kindIds.filter((id) => used.has(id))} patterns={state.patterns} />
  }
  const entries = new Map<string, { readonly fill: string; bytes: number }>()
  const visit = (one: Node): void => {
    if (isOpenable(one)) {
      for (const child of one.children) visit(child)
      return
    }
    const { name, fill } = tintOf(one, data, state)
    const entry = entries.get(name) ?? { fill, bytes: 0 }
    entry.bytes += weightOn(one, state.side)
    entries.set(name, entry)
  }
  visit(node)
  const sorted = [...entries].sort(([, a], [, b]) => b.bytes - a.bytes)
  return (
    <ul class="legend">
      {sorted.slice(0, most).map(([name, { fill, bytes }]) => (
        <li key={name}>
          <svg class="swatch" width="14" height="14" aria-hidden="true">
            <rect x="0.5" y="0.5" width="13" height="13" fill={fill} class="outline" />
          </svg>{' '}
          {middle(visible(name), 60)} <span class="dim">{size(bytes)}</span>
        </li>
      ))}
      {sorted.length > most && <li class="dim">and {sorted.length - most} more</li>}
    </ul>
  )
}
