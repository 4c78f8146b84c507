import type { PageData, PageLine } from '../data.ts'
import { duration, size, visible } from '../format.ts'
import type { LineRef, State } from '../state.ts'
import type { LineFact } from './line-facts.ts'
import { layerSegments } from './segments.ts'
import { StackedBar } from './stacked-bar.tsx'

const shownPackages = 5

/** What one instruction brought: its layer by kind of bytes, the largest packages, its time, and what became of it. */
export function LineDetail({
  data,
  at,
  row,
  fact,
  state,
  update,
}: {
  readonly data: PageData
  readonly at: LineRef
  readonly row: PageLine
  readonly fact: LineFact | undefined
  readonly state: State
  readonly update: (part: Partial<State>) => void
}) {
  const image = at.side === 'before' ? data.before : data.after
  const layer = fact && fact.layer !== null ? image?.layers[fact.layer] : undefined
  const own = row[at.side]
  const other = row[at.side === 'before' ? 'after' : 'before']
  const packages = (image?.packages ?? [])
    .filter((one) => one.layer === fact?.layer)
    .toSorted((a, b) => b.bytes - a.bytes)
  return (
    <div class="detail">
      <p>
        <b>
          Line {at.line} {at.side}
        </b>
        : {size(fact?.bytes ?? 0)}
        {fact?.step && `, ${stepText(fact.step)}`}
        {own?.builder ? '. It runs in a build stage: these bytes stay there.' : '.'}
        {data.after && counterpart(other?.line, at.side)}
      </p>
      {layer && (
        <StackedBar
          segments={layerSegments(layer, 'unpacked')}
          whole={layer.bytes}
          patterns={state.patterns}
          label={`line ${at.line}`}
        />
      )}
      {packages.length > 0 && (
        <p>
          Largest packages:{' '}
          {packages
            .slice(0, shownPackages)
            .map(({ name, bytes }) => `${visible(name)} ${size(bytes)}`)
            .join(', ')}
          {packages.length > shownPackages && ` and ${packages.length - shownPackages} more`}.
        </p>
      )}
      {fact && fact.layer !== null && (
        <p>
          <button
            type="button"
            onClick={() =>
              update({ view: 'files', path: '/', layer: { side: at.side, index: fact.layer ?? 0 } })
            }
          >
            its files
          </button>
        </p>
      )}
    </div>
  )
}

function stepText({ outcome, seconds }: NonNullable<LineFact['step']>): string {
  return outcome === 'cached' ? 'found in the cache' : `took ${duration(seconds)}`
}

function counterpart(line: number | undefined, side: LineRef['side']): string {
  const there = side === 'before' ? 'after' : 'before'
  return line === undefined
    ? ` It has no counterpart ${there}.`
    : ` Its counterpart ${there} is line ${line}.`
}
