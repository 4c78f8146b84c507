import { hierarchy, treemap } from 'd3-hierarchy'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { PageData } from '../data.ts'
import { size } from '../format.ts'
import { kind, kindOf } from '../kinds.ts'
import type { State } from '../state.ts'
import { type Node, weightOn } from '../tree.ts'
import { fillOf } from './patterns.tsx'

const height = 520

/** Files as areas. What only the image before has stays as an outline when both sides are shown. */
export function Treemap({
  node,
  data,
  state,
  open,
}: {
  readonly node: Node
  readonly data: PageData
  readonly state: State
  readonly open: (path: string) => void
}) {
  const [frame, width] = useWidth()
  const tiles = useMemo(() => layout(node, state.side, width), [node, state.side, width])
  return (
    <div class="treemap" ref={frame}>
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`Map of ${node.path}: ${size(weightOn(node, state.side))}. The table of files says the same in words.`}
      >
        {tiles.map((tile) =>
          tile.folder ? (
            // biome-ignore lint/a11y/noStaticElementInteractions: for the mouse only; the table of files opens the same folders by keys
            <g key={tile.node.path} class="folder" onClick={() => open(tile.node.path)}>
              <rect x={tile.x} y={tile.y} width={tile.width} height={tile.height} class="frame" />
              {tile.width > 40 && (
                <text x={tile.x + 3} y={tile.y + 12} class="folder-name">
                  {shorten(
                    `${tile.node.name} ${size(weightOn(tile.node, state.side))}`,
                    tile.width,
                  )}
                </text>
              )}
            </g>
          ) : (
            <Tile key={tile.node.path} tile={tile} data={data} state={state} />
          ),
        )}
      </svg>
    </div>
  )
}

function Tile({
  tile,
  data,
  state,
}: {
  readonly tile: Place
  readonly data: PageData
  readonly state: State
}) {
  const { node, x, y, width, height: tall } = tile
  const id = kindOf(data.categories[node.category])
  const gone = state.side === 'both' && data.after !== null && node.after === 0
  const fill = state.colour === 'layer' ? layerFill(node.layer) : fillOf(id, state.patterns)
  const title = `${node.path}\n${kind(id).title}, layer ${node.layer + 1}\nbefore ${size(node.before)}${data.after ? `, after ${size(node.after)}` : ''}`
  return (
    <g class={gone ? 'tile gone' : 'tile'}>
      <rect x={x} y={y} width={width} height={tall} fill={fill} class="outline">
        <title>{title}</title>
      </rect>
      {width > 44 && tall > 16 && (
        <text
          x={x + 3}
          y={y + 12}
          fill={gone || state.colour === 'layer' ? 'currentColor' : kind(id).ink}
        >
          {shorten(`${node.name} ${size(weightOn(node, state.side))}`, width)}
        </text>
      )}
    </g>
  )
}

/** Layers from light to dark, so that the order can be seen without naming colours. */
function layerFill(layer: number): string {
  return `hsl(205 ${30 + ((layer * 17) % 40)}% ${82 - ((layer * 9) % 50)}%)`
}

type Place = {
  readonly node: Node
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly folder: boolean
}

const header = 15

function layout(node: Node, side: State['side'], width: number): readonly Place[] {
  if (width === 0) return []
  const root = hierarchy(node, (one) => one.children)
    .sum((one) => (one.children.length === 0 ? weightOn(one, side) : 0))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0))
  const placed = treemap<Node>()
    .size([width, height])
    .paddingTop((one) => (one.depth < 3 && one.children ? header : 0))
    .paddingInner(1)
    .round(true)(root)
  return placed
    .descendants()
    .filter((one) => one.x1 - one.x0 >= 1 && one.y1 - one.y0 >= 1)
    .filter((one) => !one.children || one.depth < 3)
    .map((one) => ({
      node: one.data,
      x: one.x0,
      y: one.y0,
      width: one.x1 - one.x0,
      height: one.y1 - one.y0,
      folder: one.children !== undefined,
    }))
}

/** As much of a label as fits: about six units a character. */
function shorten(text: string, width: number): string {
  const room = Math.floor((width - 6) / 5.8)
  return text.length <= room ? text : room < 4 ? '' : `${text.slice(0, room - 1)}…`
}

function useWidth() {
  const frame = useRef<HTMLDivElement | null>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    const { current: element } = frame
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)))
    observer.observe(element)
    setWidth(Math.floor(element.clientWidth))
    return () => observer.disconnect()
  }, [])
  return [frame, width] as const
}
