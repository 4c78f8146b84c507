import { colours, type LayerRef, metrics, type State, views } from './state.ts'

export const keyHelp: readonly (readonly [string, string])[] = [
  ['1 … 8', 'views'],
  ['/', 'search'],
  ['b', 'both, before, after'],
  ['m', 'bytes unpacked or compressed'],
  ['c', 'colour by category, layer, origin or change'],
  ['t', 'map and table of files, or the table alone'],
  ['u', 'Dockerfiles in two columns or one'],
  ['p', 'patterns on or off'],
  ['f', 'failures only'],
  ['[ and ]', 'previous and next layer'],
  ['↑ ↓ or j k', 'move in the table of files'],
  ['← →', 'close and open, or out and in'],
  ['Enter', 'go into a folder'],
  ['Backspace', 'one folder up'],
  ['y', 'copy a link to this place'],
  ['Esc', 'leave the search, the selection, this list'],
  ['?', 'this list'],
]

/** What a key may need to know about the page. */
export type Keyed = {
  readonly layers: { readonly before: number; readonly after: number }
  readonly twoSided: boolean
  /** Whether the Dockerfiles stand in one column now. */
  readonly unified: boolean
}

/** What a key changes; null for keys that mean nothing here. */
export function stateOfKey(key: string, state: State, page: Keyed): Partial<State> | null {
  const view = /^[1-8]$/.test(key) ? views[Number(key) - 1] : undefined
  if (view) return { view }
  switch (key) {
    case 'b':
      return page.twoSided ? { side: after(['both', 'before', 'after'], state.side) } : null
    case 'm':
      return { metric: after(metrics, state.metric) }
    case 'c':
      return {
        colour: after(
          page.twoSided ? colours : colours.filter((one) => one !== 'change'),
          state.colour,
        ),
      }
    case 't':
      return { table: !state.table }
    case 'u':
      return { unified: !page.unified }
    case 'p':
      return { patterns: !state.patterns }
    case 'f':
      return { failures: !state.failures }
    case '[':
      return { layer: stepped(state, page, -1) }
    case ']':
      return { layer: stepped(state, page, 1) }
    case 'Backspace':
      return state.view === 'files' && state.path !== '/'
        ? { path: state.path.slice(0, state.path.lastIndexOf('/')) || '/', selected: state.path }
        : null
    default:
      return null
  }
}

function after<T>(all: readonly T[], one: T): T {
  return all[(all.indexOf(one) + 1) % all.length] ?? one
}

/** One layer on, over "all of them" between the last and the first. */
function stepped({ layer, side }: State, { layers }: Keyed, by: 1 | -1): LayerRef | null {
  const on = layer?.side ?? (side === 'after' && layers.after > 0 ? 'after' : 'before')
  const index = layer ? layer.index + by : by > 0 ? 0 : layers[on] - 1
  return index >= 0 && index < layers[on] ? { side: on, index } : null
}
