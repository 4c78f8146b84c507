import type { PageData } from '../data.ts'
import { kind, kindOf } from '../kinds.ts'
import type { State } from '../state.ts'
import type { Node } from '../tree.ts'
import { fillOf } from './patterns.tsx'

/** What colours a tile: a name for the legend, the fill, and an ink that can be read on it. */
export type Tint = { readonly name: string; readonly fill: string; readonly ink: string }

const dark = '#111111'
const grey: Pick<Tint, 'fill' | 'ink'> = { fill: '#9aa5b1', ink: dark }

/** Blue and orange, with a sign beside them: red and green tell nothing to many. */
const changes = {
  gone: { name: '− gone', fill: '#d55e00', ink: dark },
  less: { name: '▼ less', fill: '#f0b27a', ink: dark },
  same: { name: '= the same', ...grey },
  more: { name: '▲ more', fill: '#9bcbee', ink: dark },
  came: { name: '+ came', fill: '#56b4e9', ink: dark },
} as const

export function tintOf(node: Node, data: PageData, state: State): Tint {
  switch (state.colour) {
    case 'category': {
      const id = kindOf(data.categories[node.category])
      return { name: kind(id).title, fill: fillOf(id, state.patterns), ink: kind(id).ink }
    }
    case 'layer':
      return layerTint(node, data, state)
    case 'origin': {
      const owner = data.owners[node.owner]
      return owner === undefined
        ? { name: 'several origins', ...grey }
        : { name: owner, fill: hashedFill(owner), ink: dark }
    }
    case 'change':
      return changes[changeOf(node)]
  }
}

export function changeOf({ before, after }: Pick<Node, 'before' | 'after'>): keyof typeof changes {
  if (after === 0 && before > 0) return 'gone'
  if (before === 0 && after > 0) return 'came'
  return after === before ? 'same' : after < before ? 'less' : 'more'
}

/** Layers from light to dark in one hue, so that the order can be seen without naming colours. */
function layerTint({ layers }: Node, { before, after }: PageData, { side }: State): Tint {
  const on = side === 'after' || layers.before < 0 ? 'after' : 'before'
  const count = (on === 'after' ? after : before)?.layers.length ?? 1
  const index = layers[on]
  if (index < 0) return { name: 'no layer', ...grey }
  const light = 92 - (42 * index) / Math.max(1, count - 1)
  return { name: `layer ${index + 1} ${on}`, fill: `hsl(205 55% ${Math.round(light)}%)`, ink: dark }
}

function hashedFill(text: string): string {
  let hash = 0
  for (const char of text) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) % 3600
  return `hsl(${hash / 10} 55% ${66 + (hash % 4) * 5}%)`
}
