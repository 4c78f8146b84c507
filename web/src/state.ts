import { useEffect, useState } from 'preact/hooks'

export const views = [
  'overview',
  'dockerfile',
  'layers',
  'files',
  'packages',
  'ballast',
  'checks',
  'build',
] as const

export type View = (typeof views)[number]
export type Side = 'both' | 'before' | 'after'

/** All that a link to a place of the page holds. */
export type State = {
  readonly view: View
  /** Path of the directory or file in the files view. */
  readonly path: string
  readonly side: Side
  readonly colour: 'category' | 'layer'
  /** Index of the selected layer of `side` (before, when both), null for all. */
  readonly layer: number | null
  readonly patterns: boolean
  /** The files view as a tree of rows beside or instead of the map. */
  readonly table: boolean
  /** Failures only, in the checks view. */
  readonly failures: boolean
  readonly search: string
}

const initial: State = {
  view: 'overview',
  path: '/',
  side: 'both',
  colour: 'category',
  layer: null,
  patterns: true,
  table: false,
  failures: false,
  search: '',
}

export function parseHash(hash: string): State {
  const [place = '', query = ''] = hash.replace(/^#/, '').split('?')
  const [name = '', ...rest] = place.split('/')
  const values = new URLSearchParams(query)
  const one = <T extends string>(key: string, known: readonly T[], fallback: T): T =>
    known.find((value) => value === values.get(key)) ?? fallback
  const layer = values.get('layer')
  return {
    view: views.find((view) => view === name) ?? initial.view,
    path: `/${rest.map(decode).join('/')}`,
    side: one('side', ['both', 'before', 'after'], initial.side),
    colour: one('colour', ['category', 'layer'], initial.colour),
    layer: layer !== null && /^\d+$/.test(layer) ? Number(layer) : null,
    patterns: values.get('patterns') !== 'off',
    table: values.get('table') === 'on',
    failures: values.get('failures') === 'on',
    search: values.get('q') ?? '',
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function printHash(state: State): string {
  const values = new URLSearchParams()
  if (state.side !== initial.side) values.set('side', state.side)
  if (state.colour !== initial.colour) values.set('colour', state.colour)
  if (state.layer !== null) values.set('layer', String(state.layer))
  if (!state.patterns) values.set('patterns', 'off')
  if (state.table) values.set('table', 'on')
  if (state.failures) values.set('failures', 'on')
  if (state.search !== '') values.set('q', state.search)
  const path = state.path === '/' ? '' : state.path.split('/').map(encodeURIComponent).join('/')
  const query = values.toString()
  return `#${state.view}${path}${query === '' ? '' : `?${query}`}`
}

/** The state, kept in the address so that a link leads to the same place. */
export function useHashState(): readonly [State, (part: Partial<State>) => void] {
  const [state, setState] = useState(() => parseHash(location.hash))
  useEffect(() => {
    const read = (): void => setState(parseHash(location.hash))
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  const update = (part: Partial<State>): void => {
    const next = { ...parseHash(location.hash), ...part }
    const moved = next.view !== state.view || next.path !== state.path
    history[moved ? 'pushState' : 'replaceState'](null, '', printHash(next))
    setState(next)
  }
  return [state, update]
}
