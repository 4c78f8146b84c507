import type { Category, Confidence } from '../../../src/analysis/index.ts'
import type { Image, PageData } from '../data.ts'
import { middle, percent, size, visible } from '../format.ts'
import { kindOf, reasonOf } from '../kinds.ts'
import { Swatch } from '../parts/patterns.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { WeightCells, WeightHeads } from '../parts/weights.tsx'
import type { ViewProps } from './props.ts'

const shownLargest = 5

/** Every category before and after, what went and why it may; what stays on purpose below. */
export function Ballast({ data, state }: ViewProps) {
  const rows = categoryRows(data)
  const table = (title: string, ballast: boolean) => (
    <CategoryTable
      title={title}
      rows={rows.filter((row) => row.category.ballast === ballast)}
      data={data}
      patterns={state.patterns}
    />
  )
  return (
    <>
      {table('Ballast', true)}
      {table('Kept on purpose', false)}
      <Sums image={data.before} />
      {data.after && <Sums image={data.after} />}
      <p class="dim">
        Sure, by bytes: A, a package's own record says so and nothing that the app loads contradicts
        it; B, its path or magic number, as the tool that writes such files leaves them; C, its name
        or place alone, worth a look and no reason to throw it away.
      </p>
    </>
  )
}

type Row = { readonly category: Category; readonly before: number; readonly after: number }

/** Every category of either image, largest first. */
function categoryRows({ before, after }: PageData): readonly Row[] {
  const rows = new Map<string, Row>()
  for (const category of before.categories)
    rows.set(category.id, { category, before: category.bytes, after: 0 })
  for (const category of after?.categories ?? []) {
    const known = rows.get(category.id)
    rows.set(category.id, {
      category: known?.category ?? category,
      before: known?.before ?? 0,
      after: category.bytes,
    })
  }
  return [...rows.values()].sort(
    (a, b) => Math.max(b.before, b.after) - Math.max(a.before, a.after),
  )
}

function CategoryTable({
  title,
  rows,
  data,
  patterns,
}: {
  readonly title: string
  readonly rows: readonly Row[]
  readonly data: PageData
  readonly patterns: boolean
}) {
  const sum = (side: 'before' | 'after'): number =>
    rows.reduce((total, row) => total + row[side], 0)
  return (
    <section>
      <h2>
        {title} <small>{size(sum('before'))}</small>
      </h2>
      <Scroll label={title}>
        <table class="cards ballast">
          <caption class="hidden-text">{title}</caption>
          <thead>
            <tr>
              <th scope="col">category</th>
              <WeightHeads data={data} />
              <th scope="col">sure</th>
              <th scope="col">largest</th>
              <th scope="col">{title === 'Ballast' ? 'why it may go' : 'why it stays'}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ category, before, after }) => (
              <tr key={category.id}>
                <th scope="row">
                  <Swatch id={kindOf(category.id)} patterns={patterns} /> {category.title}
                </th>
                <WeightCells data={data} before={before} after={after} />
                <td data-head="sure">
                  <Sure confidence={category.confidence} bytes={category.bytes} />
                </td>
                <td class="largest" data-head="largest">
                  {category.largest.slice(0, shownLargest).map((item) => (
                    <span key={item.what} class="mono">
                      {middle(visible(item.what), 60)} {size(item.bytes)}
                    </span>
                  ))}
                </td>
                <td data-head="why">{reasonOf(category.id)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">together</th>
              <WeightCells data={data} before={sum('before')} after={sum('after')} />
              <td colSpan={3} />
            </tr>
          </tfoot>
        </table>
      </Scroll>
    </section>
  )
}

/** `A 98 %, B 2 %`, the letters that have bytes. */
function Sure({
  confidence,
  bytes,
}: {
  readonly confidence: Readonly<Record<Confidence, number>>
  readonly bytes: number
}) {
  return (
    <>
      {(['A', 'B', 'C'] as const)
        .filter((letter) => confidence[letter] > 0)
        .map((letter) => (
          <span key={letter} class="sure">
            <b>{letter}</b>{' '}
            {confidence[letter] * 200 < bytes ? '< 1 %' : percent(confidence[letter], bytes)}
          </span>
        ))}
    </>
  )
}

function Sums({ image }: { readonly image: Image }) {
  const sum = image.categories.reduce((total, one) => total + one.bytes, 0)
  const ballast = image.categories.reduce((total, one) => total + (one.ballast ? one.bytes : 0), 0)
  return (
    <p class="dim">
      {visible(image.reference)}: the categories sum to {size(sum)}, the visible bytes; with{' '}
      {size(image.size - image.visible)} that later layers hide the image weighs {size(image.size)}.
      Ballast is {percent(ballast, sum)} of what is visible.
    </p>
  )
}
