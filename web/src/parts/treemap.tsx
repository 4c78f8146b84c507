import { hierarchy, treemap } from 'd3-hierarchy'
import { useMemo } from 'preact/hooks'
import type { PageData } from '../data.ts'
import { size, visible } from '../format.ts'
import type { State } from '../state.ts'
import { isOpenable, type Node, weightOn } from '../tree.ts'
import { useWidth } from '../use-width.ts'
import { tintOf } from './tile-fill.ts'

const height = 560
const header = 15
const plain = 5.8
const bold = 6.7
const headers = 3

/** Files as areas, laid out on the larger of both sides: changing the side moves nothing, and what is gone keeps its place. */
export function Treemap({
  node,
  data,
  state,
  update,
}: {
  readonly node: Node
  readonly data: PageData
  readonly state: State
  readonly update: (part: Partial<State>) => void
}) {
  const [frame, width] = useWidth()
  const places = useMemo(() => layout(node, width), [node, width])
  // Selecting draws a frame and leaves the tiles alone: there may be thousands.
  const { side, colour, patterns } = state
  const drawn = useMemo(
    () =>
      places
        .filter((place) => place.drawn)
        .map((place) => <Drawn key={place.node.path} {...{ place, data, state, update }} />),
    [places, data, side, colour, patterns],
  )
  const chosen = places.find((place) => place.node.path === state.selected)
  return (
    <div class="treemap" ref={frame}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`Map of ${visible(node.path)}: ${size(weightOn(node, state.side))}. The table of files says the same in words.`}
      >
        {drawn}
        {chosen && <rect {...chosen.box} class="chosen-tile" />}
      </svg>
    </div>
  )
}

type DrawnProps = {
  readonly place: Place
  readonly data: PageData
  readonly state: State
  readonly update: (part: Partial<State>) => void
}

function Drawn(props: DrawnProps) {
  const { place, state, update } = props
  const { node, box } = place
  if (!isOpenable(node)) return <Tile {...props} />
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the mouse only; the table of files opens the same folders by keys
    <g class="folder" onClick={() => update({ path: node.path, selected: null })}>
      <rect {...box} class="frame" />
      {box.width > 40 && (
        <text x={box.x + 3} y={box.y + 12} class="folder-name">
          {shorten(`${node.name} ${size(weightOn(node, state.side))}`, box.width, bold)}
        </text>
      )}
    </g>
  )
}

/** The part of a tile that the chosen side still has is filled; the rest is pale where it went, and empty where it came. */
function Tile({ place, data, state, update }: DrawnProps) {
  const { node, box } = place
  const tint = tintOf(node, data, state)
  const whole = Math.max(1, node.before, node.after)
  const there = data.after && state.side !== 'before' ? node.after : node.before
  const solid = Math.round((box.height * there) / whole)
  const label =
    box.width > 44 && box.height > 16
      ? shorten(
          `${node.name} ${there === 0 && state.side !== 'both' ? 'not here' : size(weightOn(node, state.side))}`,
          box.width,
          plain,
        )
      : ''
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the mouse only; the table of files selects the same files by keys
    <g
      class={`tile ${there === 0 ? 'gone' : ''} ${state.side}`}
      onClick={() => update({ selected: node.path })}
    >
      <title>{titleOf(node, data, tint.name)}</title>
      <rect {...box} fill={tint.fill} class="ghost" />
      {solid > 0 && (
        <rect
          {...box}
          y={box.y + box.height - solid}
          height={solid}
          fill={tint.fill}
          class="outline"
        />
      )}
      {label !== '' && (
        <text
          x={box.x + 3}
          y={box.y + 12}
          fill={solid < 14 || box.height - solid > 2 ? 'currentColor' : tint.ink}
        >
          {label}
        </text>
      )}
    </g>
  )
}

function titleOf(node: Node, data: PageData, tint: string): string {
  const owner = data.owners[node.owner]
  const sizes = `before ${size(node.before)}${data.after ? `, after ${size(node.after)}` : ''}`
  return [
    visible(node.path.replace(/\0.*/, node.name)),
    sizes,
    visible(owner === undefined || owner === tint ? tint : `${tint}, ${owner}`),
  ].join('\n')
}

type Place = {
  readonly node: Node
  /** Folders have a frame of their own on the outer levels only; a selected one gets it anywhere. */
  readonly drawn: boolean
  readonly box: {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }
}

function layout(node: Node, width: number): readonly Place[] {
  if (width === 0) return []
  const root = hierarchy(node, (one) => one.children)
    .sum((one) => (isOpenable(one) ? 0 : weightOn(one, 'both')))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  const placed = treemap<Node>()
    .size([width, height])
    .paddingTop((one) => (one.depth < headers && one.children ? header : 0))
    .paddingInner(1)
    .round(true)(root)
  return placed
    .descendants()
    .filter((one) => one.x1 - one.x0 >= 1 && one.y1 - one.y0 >= 1)
    .map(({ data, depth, x0, y0, x1, y1 }) => ({
      node: data,
      drawn: !isOpenable(data) || depth < headers,
      box: { x: x0, y: y0, width: x1 - x0, height: y1 - y0 },
    }))
}

/** As much of a label as fits, with the usual width of a character in units. */
function shorten(text: string, width: number, character: number): string {
  const room = Math.floor((width - 6) / character)
  const shown = visible(text.slice(0, room + 1))
  return text.length <= room && shown.length <= room
    ? shown
    : room < 4
      ? ''
      : `${shown.slice(0, room - 1)}…`
}
