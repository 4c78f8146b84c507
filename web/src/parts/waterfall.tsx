import type { Image, PageData } from '../data.ts'
import { size } from '../format.ts'
import type { State } from '../state.ts'
import { Origins, OriginsHead } from './origins.tsx'
import { nameOfKind, savings } from './savings.ts'
import { about, imageSize } from './segments.ts'
import { StackedBar } from './stacked-bar.tsx'

const shownOrigins = 2

/** The picture of the saving: where it starts, one step down for each cause, where it ends. */
export function Waterfall({
  data,
  after,
  state,
}: {
  readonly data: PageData
  readonly after: Image
  readonly state: State
}) {
  const { metric, patterns } = state
  const { before } = data
  const sizes = { before: imageSize(before, metric), after: imageSize(after, metric) }
  const whole = Math.max(1, sizes.before, sizes.after)
  let level = sizes.before
  const steps = savings(before, after, metric).map(({ id, bytes }) => {
    const from = bytes > 0 ? level - bytes : level
    level -= bytes
    return { id, bytes, from }
  })
  return (
    <section>
      <h2>Where the saving comes from</h2>
      <table class="waterfall">
        <caption class="hidden-text">
          From the size before to the size after, cause by cause
        </caption>
        <OriginsHead first="cause" />
        <tbody>
          <Total name="before" bytes={sizes.before} whole={whole} about={about(before, metric)} />
          {steps.map(({ id, bytes, from }) => (
            <tr key={id}>
              <th scope="row">{nameOfKind(id)}</th>
              <Origins id={id} data={data} most={shownOrigins} />
              <td class="wide">
                <div
                  class="offset"
                  style={`margin-left:${(100 * from) / whole}%;width:${(100 * Math.abs(bytes)) / whole}%`}
                >
                  <StackedBar
                    segments={[{ id, bytes: Math.abs(bytes) }]}
                    whole={Math.abs(bytes)}
                    patterns={patterns}
                    label={nameOfKind(id)}
                    height={18}
                    labelled={false}
                  />
                </div>
              </td>
              <td class="number">{bytes > 0 ? `−${size(bytes)}` : `+${size(-bytes)}`}</td>
            </tr>
          ))}
          <Total name="after" bytes={sizes.after} whole={whole} about={about(after, metric)} />
        </tbody>
      </table>
    </section>
  )
}

function Total({
  name,
  bytes,
  whole,
  about: prefix,
}: {
  readonly name: string
  readonly bytes: number
  readonly whole: number
  readonly about: string
}) {
  return (
    <tr class="total">
      <th scope="row">{name}</th>
      <td class="origins" />
      <td class="wide">
        <div class="total-bar" style={`width:${(100 * bytes) / whole}%`} />
      </td>
      <td class="number">
        {prefix}
        {size(bytes)}
      </td>
    </tr>
  )
}
