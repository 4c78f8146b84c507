import { command, size } from '../format.ts'
import { kindIds } from '../kinds.ts'
import { Legend } from '../parts/patterns.tsx'
import { Scroll } from '../parts/scroll.tsx'
import { layerSegments } from '../parts/segments.ts'
import { StackedBar } from '../parts/stacked-bar.tsx'
import { shownImages, type ViewProps } from './props.ts'

/** Every layer in build order on one scale, with what later layers hide, as bars and as a table. */
export function Layers({ data, state, update }: ViewProps) {
  const shown = shownImages({ data, state })
  const most = Math.max(1, ...shown.flatMap(({ image }) => image.layers.map(({ bytes }) => bytes)))
  const used = new Set(
    shown.flatMap(({ image }) =>
      image.layers.flatMap((layer) => layerSegments(layer).map((s) => s.id)),
    ),
  )
  return (
    <>
      <Legend ids={kindIds.filter((id) => used.has(id))} patterns={state.patterns} />
      {shown.map(({ side, image }) => (
        <section key={side}>
          <h2>
            Layers{' '}
            <small>
              {side}: {image.reference}, lowest first; {size(image.size)}, compressed{' '}
              {image.compressedSize === null ? '≈ ' : ''}
              {size(image.layers.reduce((sum, layer) => sum + layer.compressed, 0))}
            </small>
          </h2>
          <Scroll label={`Layers ${side}`}>
            <table class="layers">
              <caption class="hidden-text">Layers of {image.reference}</caption>
              <thead>
                <tr>
                  <th scope="col">#</th>
                  <th scope="col">created by</th>
                  <th scope="col">line</th>
                  <th scope="col">bytes by kind</th>
                  <th scope="col" class="number">
                    size
                  </th>
                  <th scope="col" class="number">
                    compressed
                  </th>
                  <th scope="col" class="number">
                    files
                  </th>
                  <th scope="col" class="number">
                    overwritten
                  </th>
                  <th scope="col" class="number">
                    same again
                  </th>
                  <th scope="col" class="number">
                    deleted
                  </th>
                </tr>
              </thead>
              <tbody>
                {image.layers.map((layer, index) => {
                  const selected = state.layer === index
                  return (
                    <tr key={index} class={selected ? 'selected' : ''}>
                      <td>
                        <button
                          type="button"
                          aria-pressed={selected}
                          title={`Show only layer ${index + 1} in the files view`}
                          onClick={() => update({ layer: selected ? null : index })}
                        >
                          {index + 1}
                        </button>
                      </td>
                      <td class="mono command" title={layer.createdBy}>
                        {layer.line === null ? <span class="badge">base</span> : null}{' '}
                        {command(layer.createdBy)}
                      </td>
                      <td class="number">{layer.line ?? ''}</td>
                      <td class="wide">
                        <StackedBar
                          segments={layerSegments(layer)}
                          whole={most}
                          patterns={state.patterns}
                          label={`layer ${index + 1}`}
                          labelled={false}
                        />
                      </td>
                      <td class="number">{size(layer.bytes)}</td>
                      <td class="number">
                        {layer.compressedKnown ? '' : '≈ '}
                        {size(layer.compressed)}
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
        </section>
      ))}
      <p class="dim">
        Compressed is what a registry holds; ≈ is an estimate from samples of the layer's files,
        where nobody has compressed it yet. Overwritten, the same again and deleted: bytes that a
        later layer hides, and that are still pushed and pulled. “The same again” is equal content
        with another owner, mode or time.
      </p>
    </>
  )
}

function orNothing(bytes: number): string {
  return bytes === 0 ? '–' : size(bytes)
}
