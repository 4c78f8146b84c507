import type { PageData } from '../data.ts'
import { visible } from '../format.ts'
import { Scroll } from './scroll.tsx'

const words = { pass: '✔', fail: '✖', skip: '–', unproven: '?' } as const

/** What the conversion changed, for a reviewer: what, why, what could go wrong, and what looked. */
export function ChangeList({ data }: { readonly data: PageData }) {
  if (data.changes.length === 0) return null
  const status = new Map(data.report?.proof.map((rung) => [rung.rung, rung]))
  return (
    <section>
      <h2>What was changed</h2>
      <Scroll label="What was changed">
        <table class="cards">
          <caption class="hidden-text">Changes, reasons, risks and what verified them</caption>
          <thead>
            <tr>
              <th scope="col">line</th>
              <th scope="col">what</th>
              <th scope="col">why</th>
              <th scope="col">risk</th>
              <th scope="col">verified by</th>
            </tr>
          </thead>
          <tbody>
            {data.changes.map((change, index) => (
              <tr key={index}>
                <td data-head="line">{change.line ?? ''}</td>
                <th scope="row">{visible(change.what)}</th>
                <td data-head="why">{visible(change.why)}</td>
                <td data-head="risk">{change.risk}</td>
                <td data-head="verified by">
                  {change.verifiedBy
                    .flatMap((id) => status.get(id) ?? [])
                    .map(({ rung, title, status: is }) => (
                      <span key={rung} class="rung-mark" title={title}>
                        {rung} {words[is]} {is}
                      </span>
                    ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  )
}
