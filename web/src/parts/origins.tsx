import type { PageData } from '../data.ts'
import type { KindId } from '../kinds.ts'
import { originsOf } from './savings.ts'

/** Where most of a kind's bytes come from, each a link to its line or its layer. */
export function Origins({
  id,
  data,
  most,
}: {
  readonly id: KindId
  readonly data: PageData
  readonly most: number
}) {
  return (
    <td class="origins">
      {originsOf(id, data)
        .slice(0, most)
        .map(({ text, hash }) => (
          <a key={hash} href={hash}>
            {text}
          </a>
        ))}
    </td>
  )
}

/** Of a table with a row and a bar for each kind. */
export function OriginsHead({ first }: { readonly first: string }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        <th scope="col">mostly from</th>
        <th scope="col">
          <span class="hidden-text">bar</span>
        </th>
        <th scope="col" class="number">
          bytes
        </th>
      </tr>
    </thead>
  )
}
