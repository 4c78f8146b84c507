import type { Category } from '../../../src/analysis/index.ts'
import type { Image } from '../data.ts'
import { percent, size } from '../format.ts'
import { kindOf, reasons } from '../kinds.ts'
import { Swatch } from '../parts/patterns.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { WeightCells, WeightHeads } from '../parts/weights.tsx'
import type { ViewProps } from './props.ts'

/** Every category before and after, what went and why it may; what stays on purpose below. */
export function Ballast({ data, state }: ViewProps) {
  const after = new Map(data.after?.categories.map((one) => [one.id, one]))
  const table = (title: string, categories: readonly Category[]) => (
    <section>
      <h2>{title}</h2>
      <Scroll label={`${title}`}>
        <table>
          <caption class="hidden-text">{title}</caption>
          <thead>
            <tr>
              <th scope="col">category</th>
              <WeightHeads data={data} />
              <th scope="col">largest</th>
              <th scope="col">why</th>
            </tr>
          </thead>
          <tbody>
            {categories.map((one) => {
              const rest = after.get(one.id)?.bytes ?? 0
              return (
                <tr key={one.id}>
                  <th scope="row">
                    <Swatch id={kindOf(one.id)} patterns={state.patterns} /> {one.title}
                  </th>
                  <WeightCells data={data} before={one.bytes} after={rest} />
                  <td class="largest">
                    {one.largest.slice(0, 5).map((item) => (
                      <span key={item.what} class="mono">
                        {item.what} {size(item.bytes)}
                      </span>
                    ))}
                  </td>
                  <td>{reasons[one.id] ?? 'The running app may need it'}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
  const { categories } = data.before
  return (
    <>
      {table(
        'Ballast',
        categories.filter((one) => one.ballast),
      )}
      {table(
        'Kept',
        categories.filter((one) => !one.ballast),
      )}
      <Sums image={data.before} />
    </>
  )
}

function Sums({ image }: { readonly image: Image }) {
  const sum = image.categories.reduce((total, one) => total + one.bytes, 0)
  const hidden = image.size - image.visible
  return (
    <p class="dim">
      {image.reference}: the categories sum to {size(sum)}, the visible bytes; with {size(hidden)}{' '}
      that later layers hide the image weighs {size(image.size)}. Ballast is{' '}
      {percent(
        image.categories.reduce((total, one) => total + (one.ballast ? one.bytes : 0), 0),
        sum,
      )}{' '}
      of what is visible.
    </p>
  )
}
