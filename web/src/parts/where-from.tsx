import type { PageData } from '../data.ts'
import { percent, size, visible } from '../format.ts'
import { kind } from '../kinds.ts'
import type { State } from '../state.ts'
import { Origins, OriginsHead } from './origins.tsx'
import { Swatch } from './patterns.tsx'
import { imageSegments } from './segments.ts'
import { StackedBar } from './stacked-bar.tsx'

const shownOrigins = 3
const shownPackages = 10

/** Of one image: every kind of bytes with the layers that brought most of it, and the packages that weigh most. */
export function WhereFrom({ data, state }: { readonly data: PageData; readonly state: State }) {
  const segments = imageSegments(data.before, state.metric).toSorted((a, b) => b.bytes - a.bytes)
  const whole = Math.max(1, ...segments.map(({ bytes }) => bytes))
  const sum = segments.reduce((total, { bytes }) => total + bytes, 0)
  return (
    <>
      <section>
        <h2>Where the weight comes from</h2>
        <table class="waterfall">
          <caption class="hidden-text">Bytes by kind, and the layers that brought them</caption>
          <OriginsHead first="kind" />
          <tbody>
            {segments.map((segment) => (
              <tr key={segment.id}>
                <th scope="row">
                  <Swatch id={segment.id} patterns={state.patterns} /> {kind(segment.id).title}
                </th>
                <Origins id={segment.id} data={data} most={shownOrigins} />
                <td class="wide">
                  <StackedBar
                    segments={[segment]}
                    whole={whole}
                    patterns={state.patterns}
                    label={kind(segment.id).title}
                    height={18}
                    labelled={false}
                  />
                </td>
                <td class="number">
                  {size(segment.bytes)} <small class="dim">{percent(segment.bytes, sum)}</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <LargestPackages data={data} />
    </>
  )
}

function LargestPackages({ data }: { readonly data: PageData }) {
  const packages = data.before.packages.toSorted((a, b) => b.bytes - a.bytes)
  if (packages.length === 0) return null
  return (
    <section>
      <h2>
        Largest packages <small>of {packages.length}</small>
      </h2>
      <ol class="largest-packages">
        {packages.slice(0, shownPackages).map((one) => (
          <li key={`${one.manager} ${one.name} ${one.version}`}>
            <span class="mono">{visible(one.name)}</span> {size(one.bytes)}{' '}
            <span class="dim">
              {one.manager}, layer {one.layer + 1}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
