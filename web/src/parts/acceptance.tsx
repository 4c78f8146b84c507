import type { PageData } from '../data.ts'
import { visible } from '../format.ts'

type Items = NonNullable<PageData['report']>['acceptance']

/** What the result had to meet, in the order given. */
export function Acceptance({ items }: { readonly items: Items }) {
  return (
    <section>
      <h2>Acceptance</h2>
      <ul class="checklist">
        {items.map((item) => (
          <li key={item.id} class={item.pass ? 'pass' : 'fail'}>
            <b>{item.pass ? '✔ pass' : '✖ fail'}</b> {visible(item.title)}
            <span class="dim">
              {' '}
              found {visible(item.found)}, allowed {visible(item.allowed)}
            </span>
          </li>
        ))}
        {items.length === 0 && <li class="dim">nothing to show</li>}
      </ul>
    </section>
  )
}
