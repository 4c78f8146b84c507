import { useMemo, useState } from 'preact/hooks'
import type { PageData } from '../data.ts'
import { middle, size, visible } from '../format.ts'
import { kind, kindOf } from '../kinds.ts'
import { bySource, type Fate, type PackageRow, packageRows } from '../parts/package-rows.ts'
import { Swatch } from '../parts/patterns.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { WeightCells, WeightHeads } from '../parts/weights.tsx'
import type { State } from '../state.ts'
import type { ViewProps } from './props.ts'

type Filter = Fate | 'all' | 'kept, not needed'

const filters: readonly Filter[] = [
  'all',
  'removed',
  'added',
  'changed',
  'kept',
  'kept, not needed',
]
const shownAtFirst = 60

/** Every package of either image: version and bytes before and after, and what needs it. */
export function Packages({ data, state }: ViewProps) {
  const [filter, setFilter] = useState<Filter>('all')
  const [grouped, setGrouped] = useState(false)
  const [shown, setShown] = useState(shownAtFirst)
  const all = useMemo(() => packageRows(data), [data])
  const within = all.filter((row) => isWithin(row, state))
  const kept = within.filter((row) => passes(row, filter))
  const rows = grouped ? bySource(kept) : kept
  const sum = (side: 'before' | 'after'): number =>
    kept.reduce((total, row) => total + (row[side]?.bytes ?? 0), 0)
  return (
    <>
      <fieldset class="chips" aria-label="Which packages">
        {filters
          .filter((one) => data.after !== null || one === 'all')
          .map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={filter === one}
              onClick={() => setFilter(one)}
            >
              {one} {within.filter((row) => passes(row, one)).length}
            </button>
          ))}
        <label>
          <input type="checkbox" checked={grouped} onChange={() => setGrouped(!grouped)} /> by
          source package
        </label>
      </fieldset>
      <p class="dim">
        {kept.length} {kept.length === 1 ? 'package' : 'packages'}, {size(sum('before'))}
        {data.after ? ` before, ${size(sum('after'))} after` : ''}
        {state.search === '' ? '' : `, that match “${middle(visible(state.search), 60)}”`}.
      </p>
      <PackageTable rows={rows.slice(0, shown)} data={data} state={state} />
      {rows.length > shown && (
        <p>
          <button type="button" onClick={() => setShown(rows.length)}>
            show the other {rows.length - shown}, largest first
          </button>
        </p>
      )}
    </>
  )
}

function PackageTable({
  rows,
  data,
  state,
}: {
  readonly rows: readonly PackageRow[]
  readonly data: PageData
  readonly state: State
}) {
  return (
    <Scroll label="Packages">
      <table class="cards packages">
        <caption class="hidden-text">Packages</caption>
        <thead>
          <tr>
            <th scope="col">package</th>
            <th scope="col">from</th>
            <th scope="col">version</th>
            <th scope="col">kind</th>
            <th scope="col" class="number">
              layer
            </th>
            <WeightHeads data={data} />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.key} row={row} data={data} patterns={state.patterns} />
          ))}
        </tbody>
      </table>
    </Scroll>
  )
}

function passes(row: PackageRow, filter: Filter): boolean {
  if (filter === 'all') return true
  return filter === 'kept, not needed' ? row.unneeded : row.fate === filter
}

function isWithin({ before, after, key }: PackageRow, { layer, search }: State): boolean {
  const source = (before ?? after)?.source ?? ''
  const wanted = search.toLowerCase()
  if (wanted !== '' && !`${key} ${source}`.toLowerCase().includes(wanted)) return false
  return layer === null || (layer.side === 'before' ? before : after)?.layer === layer.index
}

function Row({
  row,
  data,
  patterns,
}: {
  readonly row: PackageRow
  readonly data: PageData
  readonly patterns: boolean
}) {
  const one = row.before ?? row.after
  if (!one) return null
  const id = kindOf(one.category)
  const versions = [...new Set([row.before?.version, row.after?.version])].flatMap(
    (version) => version ?? [],
  )
  return (
    <tr>
      <th scope="row" class="mono package">
        {middle(visible(row.name), 80)}
        {data.after && row.fate !== 'kept' ? <span class="badge">{row.fate}</span> : null}
        {row.unneeded ? <span class="badge">not needed</span> : null}
        <Links row={row} />
      </th>
      <td data-head="from">{one.manager}</td>
      <td class="mono version" data-head="version">
        {versions.map((text) => middle(visible(text), 60)).join(' → ')}
      </td>
      <td>
        <Swatch id={id} patterns={patterns} /> {kind(id).title}
      </td>
      <td class="number" data-head="layer">
        {one.layer + 1}
      </td>
      <WeightCells
        data={data}
        before={row.before?.bytes ?? null}
        after={row.after?.bytes ?? null}
      />
    </tr>
  )
}

function Links({ row: { neededBy, needs } }: { readonly row: PackageRow }) {
  const [first] = neededBy
  if (first === undefined && needs.length === 0) return null
  const more = neededBy.length > 1 ? ` and ${neededBy.length - 1} more` : ''
  return (
    <details class="links">
      <summary>
        {first === undefined
          ? `needed by nothing here; needs ${needs.length}`
          : `needed by ${middle(visible(first), 40)}${more}`}
      </summary>
      {neededBy.length > 0 && <p>needed by: {neededBy.map(visible).join(', ')}</p>}
      {needs.length > 0 && <p>needs: {needs.map(visible).join(', ')}</p>}
    </details>
  )
}
