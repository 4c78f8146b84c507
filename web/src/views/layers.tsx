import type { Image } from '../data.ts'
import { command, middle, percent, size, visible } from '../format.ts'
import { kindIds } from '../kinds.ts'
import { LayerTimeline } from '../parts/layer-timeline.tsx'
import { Legend } from '../parts/patterns.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { about, imageSize, layerSegments, layerSize } from '../parts/segments.ts'
import { StackedBar } from '../parts/stacked-bar.tsx'
import type { LayerRef } from '../state.ts'
import { shownImages, type ViewProps } from './props.ts'

/** Every layer in build order on one scale, with what later layers hide, as a line of boxes and as a table. */
export function Layers({ data, state, update }: ViewProps) {
  const shown = shownImages({ data, state })
  const whole = Math.max(1, ...shown.map(({ image }) => imageSize(image, state.metric)))
  const used = new Set(
    shown.flatMap(({ image }) =>
      image.layers.flatMap((layer) => layerSegments(layer, state.metric).map(({ id }) => id)),
    ),
  )
  const choose = (layer: LayerRef): void =>
    update({ layer: same(state.layer, layer) ? null : layer })
  return (
    <>
      <Legend ids={kindIds.filter((id) => used.has(id))} patterns={state.patterns} />
      {shown.map(({ side, image }) => (
        <section key={side}>
          <h2>
            Layers{' '}
            <small>
              {data.after ? `${side}: ` : ''}
              {visible(image.reference)}, lowest first; {size(image.size)}, compressed{' '}
              {about(image, 'compressed')}
              {size(imageSize(image, 'compressed'))}
            </small>
          </h2>
          <LayerTimeline
            {...{ image, side, whole, state, choose }}
            base={data.stages[side].at(-1)?.from ?? null}
          />
          <LayerTable {...{ image, side, state, choose }} />
        </section>
      ))}
      <p class="dim">
        Box and bar are as wide as the layer weighs, both images on one scale. Hatched: bytes that a
        later layer hides, and that are still pushed and pulled; an arc leads to the layer that has
        the file again. “Same again” is equal content with another owner, mode or time. Compressed
        is what a registry holds; ≈ is an estimate from samples of the layer's files, where nobody
        has compressed it yet. Choosing a layer narrows files and packages to it.
      </p>
    </>
  )
}

function LayerTable({
  image,
  side,
  state,
  choose,
}: {
  readonly image: Image
  readonly side: LayerRef['side']
  readonly state: ViewProps['state']
  readonly choose: (layer: LayerRef) => void
}) {
  const most = Math.max(1, ...image.layers.map((layer) => layerSize(layer, state.metric)))
  return (
    <Scroll label={`Layers ${side}`}>
      <table class="layers">
        <caption class="hidden-text">Layers of {visible(image.reference)}</caption>
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">created by</th>
            <th scope="col" class="number">
              line
            </th>
            <th scope="col">bytes by kind</th>
            {['size', 'compressed', 'files', 'overwritten', 'same again', 'deleted'].map((name) => (
              <th key={name} scope="col" class="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {image.layers.map((layer, index) => {
            const chosen = same(state.layer, { side, index })
            return (
              <tr key={index} class={chosen ? 'selected' : ''}>
                <td>
                  <button
                    type="button"
                    aria-pressed={chosen}
                    aria-label={`only layer ${index + 1} ${side}`}
                    onClick={() => choose({ side, index })}
                  >
                    {index + 1}
                  </button>
                </td>
                <td class="mono command" title={middle(visible(layer.createdBy), 1000)}>
                  {layer.line === null && image.layers.some(({ line }) => line !== null) ? (
                    <span class="badge">base</span>
                  ) : null}{' '}
                  {middle(command(layer.createdBy), 200)}
                </td>
                <td class="number">
                  {layer.line === null ? (
                    ''
                  ) : (
                    <a href={`#dockerfile?line=${side}-${layer.line}`}>{layer.line}</a>
                  )}
                </td>
                <td class="wide">
                  <StackedBar
                    segments={layerSegments(layer, state.metric)}
                    whole={most}
                    patterns={state.patterns}
                    label={`layer ${index + 1}`}
                    labelled={false}
                  />
                </td>
                <td class="number">{size(layer.bytes)}</td>
                <td class="number">
                  {layer.compressedKnown ? '' : '≈ '}
                  {size(layer.compressed)}{' '}
                  <small class="dim">
                    {layer.bytes > 0 && percent(layer.compressed, layer.bytes)}
                  </small>
                </td>
                <td class="number">{layer.files}</td>
                <td class="number">{orNothing(layer.overwritten)}</td>
                <td class="number">{orNothing(layer.metadataOnly)}</td>
                <td class="number">{orNothing(layer.deleted)}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Scroll>
  )
}

function same(one: LayerRef | null, other: LayerRef): boolean {
  return one?.side === other.side && one.index === other.index
}

function orNothing(bytes: number): string {
  return bytes === 0 ? '–' : size(bytes)
}
