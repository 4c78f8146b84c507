import type { PageData } from '../data.ts'
import { change, size } from '../format.ts'

/** Heads of the columns that weigh something: of one image its size; of two before, after and the change. */
export function WeightHeads({ data }: { readonly data: PageData }) {
  return (
    <>
      <th scope="col" class="number">
        {data.after ? 'before' : 'size'}
      </th>
      {data.after && (
        <th scope="col" class="number">
          after
        </th>
      )}
      {data.after && (
        <th scope="col" class="number">
          change
        </th>
      )}
    </>
  )
}

/** The cells below them, bytes; a side that has no such thing is null. */
export function WeightCells({
  data,
  before,
  after,
}: {
  readonly data: PageData
  readonly before: number | null
  readonly after: number | null
}) {
  const shown = (bytes: number | null): string => (bytes === null ? '–' : size(bytes))
  return (
    <>
      <td class="number" data-head={data.after ? 'before' : 'size'}>
        {shown(before)}
      </td>
      {data.after && (
        <td class="number" data-head="after">
          {shown(after)}
        </td>
      )}
      {data.after && (
        <td class="number" data-head="change">
          {change((after ?? 0) - (before ?? 0))}
        </td>
      )}
    </>
  )
}
