import { type State, views } from './state.ts'

export const keyHelp: readonly (readonly [string, string])[] = [
  ['1 … 8', 'views'],
  ['/', 'search'],
  ['b', 'before, after, both'],
  ['c', 'colour by category or layer'],
  ['t', 'map or table of files'],
  ['p', 'patterns on or off'],
  ['f', 'failures only'],
  ['[ and ]', 'previous and next layer'],
  ['↑ ↓ ← →', 'move, close and open in the tree'],
  ['Enter', 'go into a folder'],
  ['Backspace', 'one folder up'],
  ['y', 'copy a link to this place'],
  ['?', 'this list'],
]

/** What a key changes; null for keys that mean nothing here. */
export function stateOfKey(
  key: string,
  state: State,
  layers: number,
  twoSided: boolean,
): Partial<State> | null {
  const view = /^[1-8]$/.test(key) ? views[Number(key) - 1] : undefined
  if (view) return { view }
  switch (key) {
    case 'b':
      return twoSided
        ? { side: ({ both: 'before', before: 'after', after: 'both' } as const)[state.side] }
        : null
    case 'c':
      return { colour: state.colour === 'category' ? 'layer' : 'category' }
    case 't':
      return { table: !state.table }
    case 'p':
      return { patterns: !state.patterns }
    case 'f':
      return { failures: !state.failures }
    case '[':
      return { layer: state.layer === null ? layers - 1 : state.layer > 0 ? state.layer - 1 : null }
    case ']':
      return {
        layer: state.layer === null ? 0 : state.layer < layers - 1 ? state.layer + 1 : null,
      }
    case 'Backspace':
      return state.view === 'files' && state.path !== '/'
        ? { path: state.path.slice(0, state.path.lastIndexOf('/')) || '/' }
        : null
    default:
      return null
  }
}
