import type { Image, PageData, PageText } from '../data.ts'
import { size } from '../format.ts'
import { Scroll } from '../parts/scroll.tsx'
import type { ViewProps } from './props.ts'

/** Both Dockerfiles line by line, with the bytes that each instruction left in its image, and the stage graph. */
export function DockerfileView({ data, state }: ViewProps) {
  if (!data.dockerfiles) return <p class="empty">This page was made without a Dockerfile.</p>
  const both = state.side === 'both' && data.after !== null
  const weights = {
    before: bytesByLine(data.before, data, 'before'),
    after: data.after ? bytesByLine(data.after, data, 'after') : new Map<number, number>(),
  }
  const most = Math.max(1, ...weights.before.values(), ...weights.after.values())
  const sides = both
    ? (['before', 'after'] as const)
    : [state.side === 'after' && data.after ? ('after' as const) : ('before' as const)]
  return (
    <>
      <Scroll label="Dockerfiles">
        <table class="code">
          <caption class="hidden-text">Dockerfile with bytes by instruction</caption>
          <thead>
            <tr>
              {sides.map((side) => (
                <th key={side} scope="colgroup" colSpan={2}>
                  Dockerfile <small>{side}</small>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {data.dockerfiles
              .filter((row) => sides.some((side) => row[side]))
              .map((row, index) => (
                <tr key={index}>
                  {sides.map((side) => (
                    <Line
                      key={side}
                      text={row[side]}
                      changed={
                        data.after !== null &&
                        (row.before === null ||
                          row.after === null ||
                          row.before.text !== row.after.text)
                      }
                      side={side}
                      weights={weights[side]}
                      most={most}
                    />
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </Scroll>
      <p class="dim">
        The bar is logarithmic; the number stands at the first line of an instruction. Dim lines run
        in a build stage: their bytes (outlined bars) stay there and are not in the image.
      </p>
      {data.stages.length > 0 && <Stages data={data} />}
    </>
  )
}

/** From the layers of the image, and for build stages, which leave none there, from the record of the build. */
function bytesByLine(
  image: Image,
  { steps }: PageData,
  side: 'before' | 'after',
): ReadonlyMap<number, number> {
  const out = new Map<number, number>()
  for (const { line, bytes } of image.layers)
    if (line !== null) out.set(line, (out.get(line) ?? 0) + bytes)
  const built = new Set(out.keys())
  for (const step of steps)
    if (step.side === side && step.line && step.bytes && !built.has(step.line))
      out.set(step.line, Math.max(out.get(step.line) ?? 0, step.bytes))
  return out
}

function Line({
  text,
  changed,
  side,
  weights,
  most,
}: {
  readonly text: PageText | null
  readonly changed: boolean
  readonly side: 'before' | 'after'
  readonly weights: ReadonlyMap<number, number>
  readonly most: number
}) {
  if (!text)
    return (
      <>
        <td class="gutter" />
        <td class="blank" />
      </>
    )
  const bytes = text.instruction === text.line ? weights.get(text.line) : undefined
  const width = bytes ? (100 * Math.log10(1 + bytes / 1e4)) / Math.log10(1 + most / 1e4) : 0
  const mark = changed ? (side === 'before' ? 'gone' : 'new') : ''
  return (
    <>
      <td class={`gutter ${mark} ${text.builder ? 'builder' : ''}`}>
        {bytes !== undefined && (
          <>
            <span class="gutter-bar" style={`width:${width}%`} />
            <span class="gutter-number">{size(bytes)}</span>
          </>
        )}
      </td>
      <td class={`line ${mark} ${text.builder ? 'builder' : ''}`}>
        <span class="line-number">{text.line}</span>
        <span class="line-mark">{changed ? (side === 'before' ? '−' : '+') : ' '}</span>
        <code>{text.text || ' '}</code>
      </td>
    </>
  )
}

/** What each stage starts from, and what is carried from one to the next. */
function Stages({ data }: { readonly data: PageData }) {
  return (
    <section>
      <h2>Stages</h2>
      <ol class="stages">
        {data.stages.map((stage) => (
          <li key={stage.name} class={stage.final ? 'stage final' : 'stage'}>
            <b>{stage.final ? `${stage.name} (the image)` : stage.name}</b>
            <span class="mono">FROM {stage.from}</span>
            {stage.copies.map((copy, index) => (
              <span key={index} class="copy">
                ← {copy.paths[0] === 'mount' ? 'mounts' : copy.paths.join(', ')} from {copy.from}
              </span>
            ))}
          </li>
        ))}
      </ol>
    </section>
  )
}
