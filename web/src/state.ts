import { useEffect, useRef, useState } from 'preact/hooks'

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
export const colours = ['category', 'layer', 'origin', 'change'] as const
export const metrics = ['unpacked', 'compressed'] as const

/** A layer of one of the two images, 0 = lowest. */
export type LayerRef = { readonly side: 'before' | 'after'; readonly index: number }
/** A 1-based line of one of the two Dockerfiles. */
export type LineRef = { readonly side: 'before' | 'after'; readonly line: number }

/** All that a link to a place of the page holds. */
export type State = {
  readonly view: View
  /** Path of the directory in the files view. */
  readonly path: string
  /** Path of the selected file or directory below it; null for none. */
  readonly selected: string | null
  readonly side: Side
  readonly colour: (typeof colours)[number]
  readonly metric: (typeof metrics)[number]
  /** The layer that everything is narrowed to, null for all. */
  readonly layer: LayerRef | null
  /** The selected line in the Dockerfile view. */
  readonly line: LineRef | null
  readonly patterns: boolean
  /** The files view as a tree of rows instead of the map beside it. */
  readonly table: boolean
  /** One column of lines with − and + instead of two; null leaves it to the width of the window. */
  readonly unified: boolean | null
  /** Failures only, in the checks view. */
  readonly failures: boolean
  readonly search: string
}

const initial: State = {
  view: 'overview',
  path: '/',
  selected: null,
  side: 'both',
  colour: 'category',
  metric: 'unpacked',
  layer: null,
  line: null,
  patterns: true,
  table: false,
  unified: null,
  failures: false,
  search: '',
}

const onOff: Readonly<Record<string, boolean>> = { on: true, off: false }

export function parseHash(hash: string): State {
  const [place = '', query = ''] = hash.replace(/^#/, '').split('?')
  const [name = '', ...rest] = place.split('/')
  const values = new URLSearchParams(query)
  const one = <T extends string>(key: string, known: readonly T[], fallback: T): T =>
    known.find((value) => value === values.get(key)) ?? fallback
  const layer = refOf(values.get('layer'))
  const line = refOf(values.get('line'))
  return {
    view: views.find((view) => view === name) ?? initial.view,
    path: `/${rest.map(decode).join('/')}`,
    selected: values.get('sel'),
    side: one('side', ['both', 'before', 'after'], initial.side),
    colour: one('colour', colours, initial.colour),
    metric: one('metric', metrics, initial.metric),
    layer: layer && { side: layer.side, index: layer.number - 1 },
    line: line && { side: line.side, line: line.number },
    patterns: values.get('patterns') !== 'off',
    table: values.get('table') === 'on',
    unified: onOff[values.get('unified') ?? ''] ?? null,
    failures: values.get('failures') === 'on',
    search: values.get('q') ?? '',
  }
}

/** `before-3`, `after-12`: numbers from 1. */
function refOf(text: string | null) {
  const [, side, number] = /^(before|after)-([1-9]\d{0,5})$/.exec(text ?? '') ?? []
  return side ? { side: side as LayerRef['side'], number: Number(number) } : null
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function printHash(state: State): string {
  const { side, colour, metric, layer, line, unified } = state
  const values = new URLSearchParams()
  if (state.selected !== null) values.set('sel', state.selected)
  if (side !== initial.side) values.set('side', side)
  if (colour !== initial.colour) values.set('colour', colour)
  if (metric !== initial.metric) values.set('metric', metric)
  if (layer !== null) values.set('layer', `${layer.side}-${layer.index + 1}`)
  if (line !== null) values.set('line', `${line.side}-${line.line}`)
  if (!state.patterns) values.set('patterns', 'off')
  if (state.table) values.set('table', 'on')
  if (unified !== null) values.set('unified', unified ? 'on' : 'off')
  if (state.failures) values.set('failures', 'on')
  if (state.search !== '') values.set('q', state.search)
  const path = state.path === '/' ? '' : state.path.split('/').map(encodeURIComponent).join('/')
  const query = values.toString()
  return `#${state.view}${path}${query === '' ? '' : `?${query}`}`
}

/** The state, kept in the address so that a link leads to the same place. */
export function useHashState(): readonly [State, (part: Partial<State>) => void] {
  const [state, setState] = useState(() => parseHash(location.hash))
  const current = useRef(state)
  const set = (next: State): void => {
    current.current = next
    setState(next)
  }
  useEffect(() => {
    const read = (): void => set(parseHash(location.hash))
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [])
  const update = (part: Partial<State>): void => {
    const { view, path } = current.current
    const next = { ...current.current, ...part }
    set(next)
    const moved = next.view !== view || next.path !== path
    try {
      history[moved ? 'pushState' : 'replaceState'](null, '', printHash(next))
    } catch {
      // A browser may allow only so many changes of the address a second: a held key is more.
    }
  }
  return [state, update]
}
