import { useState } from 'preact/hooks'
import type { Image, PageData } from '../data.ts'
import { duration, percent, size } from '../format.ts'
import { type KindId, kind, kindIds } from '../kinds.ts'
import { Acceptance } from '../parts/acceptance.tsx'
import { Legend } from '../parts/patterns.tsx'
import { imageSegments } from '../parts/segments.ts'
import { StackedBar } from '../parts/stacked-bar.tsx'
import type { ViewProps } from './props.ts'

/** What went, in one sentence and two bars; the acceptance list; the saving step by step; the time of CI. */
export function Overview({ data, state }: ViewProps) {
  const { before, after } = data
  const whole = Math.max(before.size, after?.size ?? 0)
  const images = [before, ...(after ? [after] : [])]
  const accepted = (data.report?.acceptance ?? []).toSorted(
    (a, b) => Number(a.pass) - Number(b.pass),
  )
  const used = new Set(images.flatMap((image) => imageSegments(image).map(({ id }) => id)))
  return (
    <>
      <p class="lead">{sentence(before, after)}</p>
      {data.report?.standInBases && (
        <p class="notice">
          ▲ Built on stand-in bases made from Debian packages, not on the official images.
        </p>
      )}
      <Legend ids={kindIds.filter((id) => used.has(id))} patterns={state.patterns} />
      <section>
        <h2>
          Sizes <small>uncompressed sum of the layers, one scale</small>
        </h2>
        {images.map((image) => (
          <div class="named-bar" key={image.id}>
            <span class="mono">{image.reference}</span>
            <StackedBar
              segments={imageSegments(image)}
              whole={whole}
              patterns={state.patterns}
              label={image.reference}
              height={30}
            />
            <span class="number">{size(image.size)}</span>
          </div>
        ))}
      </section>
      {accepted.length > 0 && <Acceptance items={accepted} />}
      {after && <Waterfall before={before} after={after} patterns={state.patterns} />}
      {after && <TransferTime data={data} />}
    </>
  )
}

function savings(
  before: Image,
  after: Image,
): readonly { readonly id: KindId; readonly bytes: number }[] {
  const rest = new Map(imageSegments(after).map(({ id, bytes }) => [id, bytes]))
  const went = imageSegments(before).map(({ id, bytes }) => ({
    id,
    bytes: bytes - (rest.get(id) ?? 0),
  }))
  const came = [...rest]
    .filter(([id]) => !went.some((one) => one.id === id))
    .map(([id, bytes]) => ({ id, bytes: -bytes }))
  return [...went, ...came]
    .filter(({ bytes }) => bytes !== 0)
    .sort((a, b) => Math.abs(b.bytes) - Math.abs(a.bytes))
}

function sentence(before: Image, after: Image | null): string {
  if (!after) {
    const parts = imageSegments(before).toSorted((a, b) => b.bytes - a.bytes)
    return `${size(before.size)} in ${before.layers.length} layers: ${list(parts)}.`
  }
  const saved = before.size - after.size
  const parts = savings(before, after).filter(({ bytes }) => bytes > 0)
  return `${size(saved)} ${saved > 0 ? 'went' : 'came'}: ${list(parts)}.`
}

function list(parts: readonly { readonly id: KindId; readonly bytes: number }[]): string {
  return parts
    .slice(0, 5)
    .map(({ id, bytes }) => `${size(bytes)} ${plain(id)}`)
    .join(', ')
}

function plain(id: KindId): string {
  return kind(id).title.replace(/^keep: /, '')
}

/** The picture of the saving: where it starts, one step down for each cause, where it ends. */
function Waterfall({
  before,
  after,
  patterns,
}: {
  readonly before: Image
  readonly after: Image
  readonly patterns: boolean
}) {
  let level = before.size
  const steps = savings(before, after).map(({ id, bytes }) => {
    const from = bytes > 0 ? level - bytes : level
    level -= bytes
    return { id, bytes, from }
  })
  const whole = Math.max(before.size, after.size)
  const row = (name: string, id: KindId, from: number, bytes: number, text: string) => (
    <tr key={name}>
      <th scope="row">{name}</th>
      <td class="wide">
        <div class="offset" style={`margin-left:${(100 * from) / whole}%`}>
          <div style={`width:${(100 * bytes) / Math.max(1, whole - from)}%`}>
            <StackedBar
              segments={[{ id, bytes }]}
              whole={bytes}
              patterns={patterns}
              label={name}
              height={18}
              labelled={false}
            />
          </div>
        </div>
      </td>
      <td class="number">{text}</td>
    </tr>
  )
  return (
    <section>
      <h2>Where the saving comes from</h2>
      <table class="waterfall">
        <caption class="hidden-text">
          From the size before to the size after, cause by cause
        </caption>
        <tbody>
          {row('before', 'runtime', 0, before.size, size(before.size))}
          {steps.map(({ id, bytes, from }) =>
            row(
              plain(id),
              id,
              from,
              Math.abs(bytes),
              bytes > 0 ? `−${size(bytes)}` : `+${size(-bytes)}`,
            ),
          )}
          {row('after', 'runtime', 0, after.size, size(after.size))}
        </tbody>
      </table>
    </section>
  )
}

/** Time that pushing and pulling take: estimated, with assumptions that the reader can change. */
function TransferTime({ data }: { readonly data: PageData }) {
  const given = data.report?.transfer?.assumptions
  const measured = data.report?.transfer?.measured
  const [assumptions, change] = useState({
    megabitsPerSecond: given?.megabitsPerSecond ?? 100,
    compressionRatio: given?.compressionRatio ?? 0.4,
    transfersPerRun: given?.transfersPerRun ?? 2,
    runsPerDay: 20,
  })
  const seconds = (image: Image): number => {
    const bytes = image.compressedSize ?? image.size * assumptions.compressionRatio
    return (bytes * 8 * assumptions.transfersPerRun) / (assumptions.megabitsPerSecond * 1e6)
  }
  const before = seconds(data.before)
  const after = data.after ? seconds(data.after) : before
  const field = (name: keyof typeof assumptions, label: string, step: number) => (
    <label>
      {label}{' '}
      <input
        type="number"
        min={step}
        step={step}
        value={assumptions[name]}
        onInput={(event) => {
          const value = Number(event.currentTarget.value)
          if (value > 0) change({ ...assumptions, [name]: value })
        }}
      />
    </label>
  )
  return (
    <section>
      <h2>
        Time in CI{' '}
        <small>estimated from sizes{measured ? ', and measured' : ', not measured'}</small>
      </h2>
      <p class="figures">
        <b>{duration(before)}</b> → <b>{duration(after)}</b> a run for pushing and pulling{' '}
        <b>
          ({before >= after ? '−' : '+'}
          {duration(Math.abs(before - after))}, {percent(before - after, before)} less)
        </b>
        ; {duration(Math.abs(before - after) * assumptions.runsPerDay)} a day.
      </p>
      {measured && (
        <p>
          Measured against <span class="mono">{measured.repository}</span>: push{' '}
          {duration(measured.fat.pushSeconds)} → {duration(measured.lean.pushSeconds)}, pull{' '}
          {duration(measured.fat.pullSeconds)} → {duration(measured.lean.pullSeconds)}.
        </p>
      )}
      <fieldset>
        <legend>Assumptions</legend>
        {field('megabitsPerSecond', 'Mbit/s', 10)}
        {field('compressionRatio', 'compressed to', 0.05)}
        {field('transfersPerRun', 'transfers a run', 1)}
        {field('runsPerDay', 'runs a day', 1)}
      </fieldset>
    </section>
  )
}
