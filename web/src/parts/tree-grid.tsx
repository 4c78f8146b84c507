import { useState } from 'preact/hooks'
import type { PageData } from '../data.ts'
import { kind, kindOf } from '../kinds.ts'
import type { State } from '../state.ts'
import { type Node, weightOn } from '../tree.ts'
import { Swatch } from './patterns.tsx'
import { WeightCells, WeightHeads } from './weights.tsx'

const mostRows = 400

/** The same tree in words: rows that open and close, by mouse or with the arrow keys. */
export function TreeGrid({
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
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const [current, setCurrent] = useState(0)
  const rows = rowsOf(node, opened, state)
  const at = Math.min(current, rows.length - 1)
  const toggle = (path: string, want: boolean): void => {
    const next = new Set(opened)
    if (want) next.add(path)
    else next.delete(path)
    setOpened(next)
  }
  const move = (to: number, from: HTMLElement): void => {
    const bounded = Math.max(0, Math.min(rows.length - 1, to))
    setCurrent(bounded)
    const target = from.parentElement?.children[bounded]
    if (target instanceof HTMLElement) target.focus()
  }
  const onKey = (event: KeyboardEvent): void => {
    const row = rows[at]
    const element = event.currentTarget
    if (!row || !(element instanceof HTMLElement)) return
    const folder = row.node.children.length > 0
    if (event.key === 'ArrowDown' || event.key === 'j') move(at + 1, element)
    else if (event.key === 'ArrowUp' || event.key === 'k') move(at - 1, element)
    else if (event.key === 'ArrowRight' && folder) toggle(row.node.path, true)
    else if (event.key === 'ArrowLeft' && folder) toggle(row.node.path, false)
    else if (event.key === 'Enter' && folder) open(row.node.path)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class="scroll tall" tabIndex={-1}>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows open and close is what a treegrid is (WAI-ARIA APG) */}
      <table class="treegrid" role="treegrid" aria-label={`Files in ${node.path}`}>
        <thead>
          <tr>
            <th scope="col">path</th>
            <th scope="col">kind</th>
            <WeightHeads data={data} />
          </tr>
        </thead>
        <tbody>
          {rows.map(({ node: one, depth }, index) => {
            const folder = one.children.length > 0
            const id = kindOf(data.categories[one.category])
            return (
              <tr
                key={one.path}
                aria-level={depth}
                {...(folder ? { 'aria-expanded': opened.has(one.path) } : {})}
                tabIndex={index === at ? 0 : -1}
                onFocus={() => setCurrent(index)}
                onKeyDown={onKey}
                onClick={() => folder && toggle(one.path, !opened.has(one.path))}
              >
                <td style={`padding-left:${depth}em`} class="mono">
                  {folder ? (opened.has(one.path) ? '▾ ' : '▸ ') : '  '}
                  {one.name}
                </td>
                <td>
                  <Swatch id={id} patterns={state.patterns} /> {kind(id).title}
                </td>
                <WeightCells data={data} before={one.before} after={one.after} />
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function rowsOf(
  node: Node,
  opened: ReadonlySet<string>,
  state: State,
): readonly { readonly node: Node; readonly depth: number }[] {
  const out: { node: Node; depth: number }[] = []
  const visit = (one: Node, depth: number): void => {
    const children = one.children.toSorted(
      (a, b) => weightOn(b, state.side) - weightOn(a, state.side),
    )
    for (const child of children) {
      if (out.length >= mostRows) return
      out.push({ node: child, depth })
      if (opened.has(child.path)) visit(child, depth + 1)
    }
  }
  visit(node, 1)
  return out
}
