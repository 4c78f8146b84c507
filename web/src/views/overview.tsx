import type { Image } from '../data.ts'
import { change, percent, size, visible } from '../format.ts'
import { kind, kindIds } from '../kinds.ts'
import { Acceptance } from '../parts/acceptance.tsx'
import { CiTime } from '../parts/ci-time.tsx'
import { Legend, Swatch } from '../parts/patterns.tsx'
import { nameOfKind, savings } from '../parts/savings.ts'
import { about, imageSegments, imageSize } from '../parts/segments.ts'
import { type Segment, StackedBar } from '../parts/stacked-bar.tsx'
import { Waterfall } from '../parts/waterfall.tsx'
import { WhereFrom } from '../parts/where-from.tsx'
import type { ViewProps } from './props.ts'

/** What went, in one sentence and two bars; the acceptance list; the saving step by step; the time of CI. */
export function Overview({ data, state }: ViewProps) {
  const { before, after } = data
  const { metric } = state
  const images = [before, ...(after ? [after] : [])]
  const whole = Math.max(1, ...images.map((image) => imageSize(image, metric)))
  const accepted = (data.report?.acceptance ?? []).toSorted(
    (a, b) => Number(a.pass) - Number(b.pass),
  )
  const used = new Set(images.flatMap((image) => imageSegments(image, metric).map(({ id }) => id)))
  return (
    <>
      <p class="lead">{sentence(before, after)}</p>
      {data.report?.refusal && (
        <p class="notice">
          ▲ Not converted ({data.report.refusal.code}): {visible(data.report.refusal.message)}.{' '}
          <a href="#checks">The numbers</a>
        </p>
      )}
      {data.report?.standInBases && (
        <p class="notice">
          ▲ Built on stand-in bases made from Debian packages, not on the official images.
        </p>
      )}
      <Legend ids={kindIds.filter((id) => used.has(id))} patterns={state.patterns} />
      <section>
        <h2>
          Sizes{' '}
          <small>
            {metric === 'unpacked' ? 'uncompressed sum of the layers' : 'as a registry holds them'},
            one scale
          </small>
        </h2>
        {images.map((image, index) => (
          <div class="named-bar" key={index}>
            <span class="mono">{visible(image.reference)}</span>
            <StackedBar
              segments={imageSegments(image, metric)}
              whole={whole}
              patterns={state.patterns}
              label={visible(image.reference)}
              height={30}
            />
            <span class="number">
              {about(image, metric)}
              {size(imageSize(image, metric))}
            </span>
          </div>
        ))}
        <details>
          <summary>show as table</summary>
          <KindTable images={images} state={state} />
        </details>
      </section>
      {accepted.length > 0 && <Acceptance items={accepted} />}
      {after ? (
        <Waterfall data={data} after={after} state={state} />
      ) : (
        <WhereFrom data={data} state={state} />
      )}
      {after && <CiTime data={data} />}
    </>
  )
}

function KindTable({
  images,
  state: { metric, patterns },
}: {
  readonly images: readonly Image[]
  readonly state: ViewProps['state']
}) {
  const bytes = (image: Image | undefined, id: string): number =>
    (image ? imageSegments(image, metric) : []).find((one) => one.id === id)?.bytes ?? 0
  const [before, after] = images
  return (
    <table>
      <caption class="hidden-text">Bytes of each kind</caption>
      <thead>
        <tr>
          <th scope="col">kind</th>
          {images.map((image, index) => (
            <th key={index} scope="col" class="number">
              {visible(image.reference)}
            </th>
          ))}
          {after && (
            <th scope="col" class="number">
              change
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {kindIds
          .filter((id) => images.some((image) => bytes(image, id) > 0))
          .map((id) => (
            <tr key={id}>
              <th scope="row">
                <Swatch id={id} patterns={patterns} /> {kind(id).title}
              </th>
              {images.map((image, index) => (
                <td key={index} class="number">
                  {size(bytes(image, id))}
                </td>
              ))}
              {after && <td class="number">{change(bytes(after, id) - bytes(before, id))}</td>}
            </tr>
          ))}
      </tbody>
    </table>
  )
}

function sentence(before: Image, after: Image | null): string {
  if (!after) {
    const parts = imageSegments(before, 'unpacked').toSorted((a, b) => b.bytes - a.bytes)
    return `${size(before.size)} in ${before.layers.length} ${before.layers.length === 1 ? 'layer' : 'layers'}${parts.length > 0 ? `: ${list(parts)}` : ''}.${ballastOf(before)}`
  }
  const saved = before.size - after.size
  const parts = savings(before, after, 'unpacked')
    .map(({ id, bytes }) => ({ id, bytes: saved >= 0 ? bytes : -bytes }))
    .filter(({ bytes }) => bytes > 0)
  if (parts.length === 0) return 'Both images weigh the same.'
  const share = percent(Math.abs(saved), before.size)
  return `${size(Math.abs(saved))} ${saved >= 0 ? 'went' : 'came'} (${share}): ${list(parts)}.`
}

function ballastOf({ categories, visible: all }: Image): string {
  const bytes = categories.reduce((sum, one) => sum + (one.ballast ? one.bytes : 0), 0)
  return bytes === 0
    ? ''
    : ` ${size(bytes)} (${percent(bytes, all)} of what is visible) is ballast.`
}

const named = 5

/** The largest parts, and the others together, so that the sum can be checked. */
function list(parts: readonly Segment[]): string {
  const rest = parts.slice(named)
  return [
    ...parts.slice(0, named).map(({ id, bytes }) => `${size(bytes)} ${nameOfKind(id)}`),
    ...(rest.length > 0
      ? [`${size(rest.reduce((sum, { bytes }) => sum + bytes, 0))} of other kinds`]
      : []),
  ].join(', ')
}
