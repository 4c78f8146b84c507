import type { Image, PageLayer } from '../data.ts'
import { command, middle, size, visible } from '../format.ts'
import type { LayerRef, State } from '../state.ts'
import { useWidth } from '../use-width.ts'
import { fillOf } from './patterns.tsx'
import { layerSegments, layerSize } from './segments.ts'

const arcs = 34
const tall = 40
const bracket = 24

/** The layers in build order, as wide as they weigh; an arc leads from what is hidden to the layer that hides it. */
export function LayerTimeline({
  image,
  side,
  whole,
  base,
  state,
  choose,
}: {
  readonly image: Image
  readonly side: LayerRef['side']
  /** What the full width stands for, so that two images have one scale. */
  readonly whole: number
  /** Name of the base image, when it is known. */
  readonly base: string | null
  readonly state: State
  readonly choose: (layer: LayerRef) => void
}) {
  const [frame, width] = useWidth()
  const boxes = boxesOf(image, whole, width, state)
  const most = Math.max(1, ...image.layers.flatMap(({ hiddenBy }) => hiddenBy.map(([, b]) => b)))
  const chosen = state.layer?.side === side ? state.layer.index : null
  return (
    <div class="timeline" ref={frame}>
      <svg
        width={width}
        height={arcs + tall + bracket}
        role="img"
        aria-label={`Layers of ${visible(image.reference)} in build order; the table below says the same in words.`}
      >
        {boxes.map(({ layer, index, x, wide }) => (
          // biome-ignore lint/a11y/noStaticElementInteractions: for the mouse only; the buttons of the table below choose the same layers
          <g
            key={index}
            class={chosen === index ? 'box chosen' : 'box'}
            onClick={() => choose({ side, index })}
          >
            <title>{`layer ${index + 1}: ${size(layer.bytes)}\n${middle(command(layer.createdBy), 200)}`}</title>
            <Fill layer={layer} x={x} wide={wide} state={state} />
            <rect x={x} y={arcs} width={wide} height={tall} class="box-edge" />
            {wide > 18 && (
              <text x={x + wide / 2} y={arcs + tall - 5} class="box-number">
                {index + 1}
              </text>
            )}
          </g>
        ))}
        {boxes.flatMap((from) =>
          from.layer.hiddenBy.map(([by, bytes]) => {
            const to = boxes[by]
            return (
              to && <Arc key={`${from.index}-${by}`} from={from} to={to} share={bytes / most} />
            )
          }),
        )}
        <Bracket boxes={boxes} name={base} />
      </svg>
    </div>
  )
}

type Box = {
  readonly layer: PageLayer
  readonly index: number
  readonly x: number
  readonly wide: number
}

function boxesOf(image: Image, whole: number, width: number, { metric }: State): readonly Box[] {
  let x = 0
  return image.layers.map((layer, index) => {
    const wide = (Math.max(0, width - 1) * layerSize(layer, metric)) / Math.max(1, whole)
    const box = { layer, index, x, wide }
    x += wide
    return box
  })
}

function Fill({
  layer,
  x,
  wide,
  state,
}: {
  readonly layer: PageLayer
  readonly x: number
  readonly wide: number
  readonly state: State
}) {
  const scale = wide / Math.max(1, layer.bytes)
  let left = x
  return (
    <>
      {layerSegments(layer, 'unpacked').map(({ id, bytes }) => {
        const at = left
        left += bytes * scale
        return (
          <rect
            key={id}
            x={at}
            y={arcs}
            width={bytes * scale}
            height={tall}
            fill={fillOf(id, state.patterns)}
          />
        )
      })}
    </>
  )
}

/** From the right end of a layer, where its hidden bytes are drawn, to the middle of the one that hides them. */
function Arc({
  from,
  to,
  share,
}: {
  readonly from: Box
  readonly to: Box
  readonly share: number
}) {
  const start = from.x + from.wide - 1
  const end = to.x + to.wide / 2
  const high = arcs - Math.min(arcs - 3, 10 + Math.abs(end - start) / 12)
  return (
    <path
      class="arc"
      d={`M${start},${arcs} C${start},${high} ${end},${high} ${end},${arcs}`}
      stroke-width={1 + 2 * share}
    />
  )
}

function Bracket({
  boxes,
  name,
}: {
  readonly boxes: readonly Box[]
  readonly name: string | null
}) {
  const own = boxes.findIndex(({ layer }) => layer.line !== null)
  const last = boxes[own - 1]
  if (!last) return null
  const end = last.x + last.wide
  const y = arcs + tall + 4
  return (
    <g class="bracket">
      <path d={`M1,${y} v4 H${Math.max(2, end - 1)} v-4`} />
      <text x={3} y={y + 17}>
        {middle(
          `base${name === null ? '' : ` ${visible(name)}`}`,
          Math.max(4, Math.floor(end / 6)),
        )}
      </text>
    </g>
  )
}
