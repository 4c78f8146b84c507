import type { PageData } from '../data.ts'
import { change, middle, percent, size, visible } from '../format.ts'

/** The title and the figures of the conversion in one line. */
export function Heading({ data }: { readonly data: PageData }) {
  const { before, after, report } = data
  const passed = report?.acceptance.filter(({ pass }) => pass).length ?? 0
  const saved = after ? before.size - after.size : 0
  return (
    <div class="heading">
      <p class="title">
        {visible(data.title)} {after && <span class="dim">before → after</span>}
      </p>
      <dl class="figures">
        <Figure what={after ? 'before' : 'size'} value={size(before.size)} />
        {after && <Figure what="after" value={size(after.size)} />}
        {after && (
          <Figure
            what={change(-saved)}
            value={`${saved >= 0 ? '−' : '+'}${percent(Math.abs(saved), before.size)}`}
          />
        )}
        {report && report.acceptance.length > 0 && (
          <Figure what="checks pass" value={`${passed} / ${report.acceptance.length}`} />
        )}
        {report && (
          <Figure
            what={`${report.verdict ? 'proof' : 'conversion'}${report.standInBases ? ' (stand-in bases)' : ''}`}
            value={report.verdict ?? 'refused'}
            kind={`verdict ${(report.verdict ?? 'refused').toLowerCase()}`}
          />
        )}
      </dl>
    </div>
  )
}

/** The same in a few words, for when it has scrolled away. */
export function ShortHeading({ data: { title, before, after } }: { readonly data: PageData }) {
  return (
    <span class="short" aria-hidden="true">
      {middle(visible(title), 30)} <b>{size(before.size)}</b>
      {after && (
        <>
          {' '}
          → <b>{size(after.size)}</b> {after.size <= before.size ? '−' : '+'}
          {percent(Math.abs(before.size - after.size), before.size)}
        </>
      )}
    </span>
  )
}

function Figure({
  what,
  value,
  kind,
}: {
  readonly what: string
  readonly value: string
  readonly kind?: string
}) {
  return (
    <div>
      <dt>{what}</dt>
      <dd {...(kind === undefined ? {} : { class: kind })}>{value}</dd>
    </div>
  )
}
