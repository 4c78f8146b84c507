import { useEffect, useRef, useState } from 'preact/hooks'
import type { PageData } from '../data.ts'
import { middle, visible } from '../format.ts'
import { type KindId, kind, kindOf } from '../kinds.ts'
import type { State } from '../state.ts'
import { categorySums, isOpenable, type Node, weightOn } from '../tree.ts'
import { Swatch } from './patterns.tsx'
import { inOrder } from './segments.ts'
import { StackedBar } from './stacked-bar.tsx'
import { WeightCells, WeightHeads } from './weights.tsx'

const mostRows = 400

type Props = {
  readonly node: Node
  readonly data: PageData
  readonly state: State
  readonly update: (part: Partial<State>) => void
}

/** The same tree in words: rows that open and close, by mouse or with the arrow keys; what is selected is so in the map. */
export function TreeGrid({ node, data, state, update }: Props) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(mainFolders(node)))
  const body = useRef<HTMLTableSectionElement>(null)
  const open = new Set([...opened, ...foldersAbove(node, state.selected)])
  const { rows, left } = rowsOf(node, open, state)
  const label = middle(visible(node.path), 200)
  const found = rows.findIndex((row) => row.node.path === state.selected)
  const at = Math.max(0, found)
  const select = (index: number): void => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (!row) return
    update({ selected: row.node.path })
    const element = body.current?.children[rows.indexOf(row)]
    if (element instanceof HTMLElement) element.focus()
  }
  const toggle = (path: string, want: boolean): void => {
    const next = new Set(open)
    if (want) next.add(path)
    else next.delete(path)
    setOpened(next)
    // What lies below a closed folder cannot stay selected: it would open it again.
    if (!want) update({ selected: path })
  }
  useEffect(() => {
    if (found < 0) return
    const element = body.current?.children[found]
    if (element instanceof HTMLElement && !body.current?.contains(document.activeElement))
      scrollInside(element)
  }, [state.selected])
  return (
    <div class="scroll tall" tabIndex={-1}>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows open and close is what a treegrid is (WAI-ARIA APG) */}
      <table class="treegrid" role="treegrid" aria-label={`Files in ${label}`}>
        <thead>
          <tr>
            <th scope="col">path</th>
            <th scope="col">kind</th>
            <WeightHeads data={data} />
          </tr>
        </thead>
        <tbody ref={body}>
          {rows.map((row, index) => (
            <tr
              key={row.node.path}
              aria-level={row.depth}
              aria-selected={index === found}
              {...(isOpenable(row.node) ? { 'aria-expanded': open.has(row.node.path) } : {})}
              tabIndex={index === at ? 0 : -1}
              onKeyDown={(event) => {
                if (!onRowKey(event.key, { rows, index, open, select, toggle, update })) return
                event.preventDefault()
                event.stopPropagation()
              }}
              onClick={() => {
                if (isOpenable(row.node)) toggle(row.node.path, !open.has(row.node.path))
                else select(index)
              }}
            >
              <td style={`--depth:${row.depth}`} class="mono path">
                {isOpenable(row.node) ? (open.has(row.node.path) ? '▾ ' : '▸ ') : '  '}
                {middle(visible(row.node.name), 80)}
              </td>
              <KindCell node={row.node} data={data} state={state} />
              <WeightCells data={data} before={row.node.before} after={row.node.after} />
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && <p class="dim">{left} smaller rows are not shown; open a folder with Enter.</p>}
    </div>
  )
}

type Row = { readonly node: Node; readonly depth: number }

/** Keys of a row as WAI-ARIA has them for a treegrid, and j and k. @returns whether the key meant anything */
function onRowKey(
  key: string,
  {
    rows,
    index,
    open,
    select,
    toggle,
    update,
  }: {
    readonly rows: readonly Row[]
    readonly index: number
    readonly open: ReadonlySet<string>
    readonly select: (index: number) => void
    readonly toggle: (path: string, want: boolean) => void
    readonly update: (part: Partial<State>) => void
  },
): boolean {
  const row = rows[index]
  if (!row) return false
  const { path } = row.node
  const folder = isOpenable(row.node)
  if (key === 'ArrowDown' || key === 'j') select(index + 1)
  else if (key === 'ArrowUp' || key === 'k') select(index - 1)
  else if (key === 'Home') select(0)
  else if (key === 'End') select(rows.length - 1)
  else if (key === 'ArrowRight' && folder) {
    if (open.has(path)) select(index + 1)
    else toggle(path, true)
  } else if (key === 'ArrowLeft') {
    if (folder && open.has(path)) toggle(path, false)
    else select(rows.findLastIndex((one, at) => at < index && one.depth < row.depth))
  } else if (key === 'Enter' && folder) update({ path, selected: null })
  else if (key === ' ') select(index)
  else return false
  return true
}

/** A file's kind and origin in words; of a folder, what is in it as a bar. */
function KindCell({ node, data, state }: Omit<Props, 'update'>) {
  if (!isOpenable(node)) {
    const id = kindOf(data.categories[node.category])
    const owner = data.owners[node.owner]
    return (
      <td>
        <Swatch id={id} patterns={state.patterns} />{' '}
        <span class="kind-title">{kind(id).title}</span>
        {owner !== undefined && <small class="dim origin">{middle(visible(owner), 60)}</small>}
      </td>
    )
  }
  const sums = new Map<KindId, number>()
  for (const [category, [before, after]] of categorySums(node)) {
    const id = kindOf(data.categories[category])
    const bytes = state.side === 'after' ? after : before || after
    sums.set(id, (sums.get(id) ?? 0) + bytes)
  }
  const segments = inOrder(sums)
  return (
    <td class="mini">
      <StackedBar
        segments={segments}
        whole={segments.reduce((sum, { bytes }) => sum + bytes, 0)}
        patterns={state.patterns}
        label={middle(visible(node.name), 80)}
        height={12}
        labelled={false}
      />
    </td>
  )
}

/** What is open at first: the folder that has most of the bytes, and in it again, so that the rows say something. */
function mainFolders(node: Node): readonly string[] {
  const all = weightOn(node, 'both')
  const main = node.children.find((one) => isOpenable(one) && weightOn(one, 'both') > all / 2)
  return main ? [main.path, ...mainFolders(main)] : []
}

/** The folders between a node and a path below it. */
function foldersAbove(node: Node, path: string | null): readonly string[] {
  const start = node.path === '/' ? '/' : `${node.path}/`
  if (path === null || !path.startsWith(start)) return []
  const parts = path.slice(start.length).split('/').slice(0, -1)
  return parts.map((_, index) => `${start}${parts.slice(0, index + 1).join('/')}`)
}

function rowsOf(
  node: Node,
  open: ReadonlySet<string>,
  state: State,
): { readonly rows: readonly Row[]; readonly left: number } {
  const rows: Row[] = []
  let left = 0
  const visit = (one: Node, depth: number): void => {
    const children = one.children.toSorted(
      (a, b) => weightOn(b, state.side) - weightOn(a, state.side),
    )
    for (const child of children) {
      if (rows.length >= mostRows) {
        left += 1
        continue
      }
      rows.push({ node: child, depth })
      if (open.has(child.path)) visit(child, depth + 1)
    }
  }
  visit(node, 1)
  return { rows, left }
}

/** Brings a row into sight without moving the page. */
function scrollInside(row: HTMLElement): void {
  const frame = row.closest('.scroll')
  if (!frame) return
  const [outer, inner] = [frame.getBoundingClientRect(), row.getBoundingClientRect()]
  const head = 40
  if (inner.top < outer.top + head || inner.bottom > outer.bottom)
    frame.scrollTop += inner.top - outer.top - outer.height / 3
}
