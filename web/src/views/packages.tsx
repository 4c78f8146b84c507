import { useState } from 'preact/hooks'
import type { Image, PageData, PagePackage } from '../data.ts'
import { size } from '../format.ts'
import { kind, kindOf } from '../kinds.ts'
import { Swatch } from '../parts/patterns.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { WeightCells, WeightHeads } from '../parts/weights.tsx'
import type { ViewProps } from './props.ts'

type Fate = 'removed' | 'added' | 'changed' | 'kept'

type Row = {
  readonly key: string
  readonly before: PagePackage | null
  readonly after: PagePackage | null
  readonly fate: Fate
}

const fates: readonly (Fate | 'all')[] = ['all', 'removed', 'added', 'changed', 'kept']
const shownAtFirst = 100

/** Every package of either image: version and bytes before and after. */
export function Packages({ data, state }: ViewProps) {
  const [fate, setFate] = useState<Fate | 'all'>('all')
  const [shown, setShown] = useState(shownAtFirst)
  const all = rowsOf(data)
  const wanted = state.search.toLowerCase()
  const rows = all.filter(
    (row) =>
      (fate === 'all' || row.fate === fate) &&
      (wanted === '' || row.key.toLowerCase().includes(wanted)),
  )
  const sum = (side: 'before' | 'after'): number =>
    rows.reduce((total, row) => total + (row[side]?.bytes ?? 0), 0)
  return (
    <>
      <fieldset class="chips" aria-label="Which packages">
        {fates
          .filter((one) => data.after !== null || one === 'all')
          .map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={fate === one}
              onClick={() => setFate(one)}
            >
              {one} {one === 'all' ? all.length : all.filter((row) => row.fate === one).length}
            </button>
          ))}
      </fieldset>
      <p class="dim">
        {rows.length} packages, {size(sum('before'))}
        {data.after ? ` before, ${size(sum('after'))} after` : ''}.
      </p>
      <Scroll label="Packages">
        <table>
          <caption class="hidden-text">Packages</caption>
          <thead>
            <tr>
              <th scope="col">package</th>
              <th scope="col">from</th>
              <th scope="col">version</th>
              <th scope="col">kind</th>
              <WeightHeads data={data} />
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <PackageRow key={row.key} row={row} data={data} patterns={state.patterns} />
            ))}
          </tbody>
        </table>
      </Scroll>
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

function PackageRow({
  row,
  data,
  patterns,
}: {
  readonly row: Row
  readonly data: PageData
  readonly patterns: boolean
}) {
  const one = row.before ?? row.after
  if (!one) return null
  const id = kindOf(one.category)
  const versions = [...new Set([row.before?.version, row.after?.version])].filter(
    (version) => version !== undefined,
  )
  return (
    <tr>
      <th scope="row" class="mono">
        {one.name}
        {data.after && row.fate !== 'kept' ? <span class="badge">{row.fate}</span> : null}
      </th>
      <td>{one.manager}</td>
      <td class="mono">{versions.join(' → ')}</td>
      <td>
        <Swatch id={id} patterns={patterns} /> {kind(id).title}
      </td>
      <WeightCells
        data={data}
        before={row.before?.bytes ?? null}
        after={row.after?.bytes ?? null}
      />
    </tr>
  )
}

function rowsOf(data: PageData): readonly Row[] {
  const keyed = (image: Image | null) =>
    new Map((image?.packages ?? []).map((one) => [`${one.manager} ${one.name}`, one]))
  const before = keyed(data.before)
  const after = keyed(data.after)
  const rows = [...new Set([...before.keys(), ...after.keys()])].map((key): Row => {
    const pair = { before: before.get(key) ?? null, after: after.get(key) ?? null }
    return { key, ...pair, fate: fateOf(pair) }
  })
  const weight = (row: Row): number => Math.max(row.before?.bytes ?? 0, row.after?.bytes ?? 0)
  return rows.sort((a, b) => weight(b) - weight(a) || (a.key < b.key ? -1 : 1))
}

function fateOf({ before, after }: Pick<Row, 'before' | 'after'>): Fate {
  if (!after) return 'removed'
  if (!before) return 'added'
  return before.version === after.version ? 'kept' : 'changed'
}
