import { useMemo } from 'preact/hooks'
import { middle, size, visible } from '../format.ts'
import { kind, kindOf } from '../kinds.ts'
import { MapLegend } from '../parts/map-legend.tsx'
import { TreeGrid } from '../parts/tree-grid.tsx'
import { Treemap } from '../parts/treemap.tsx'
import { filterNode, findNode, isOpenable, type Node, treeOf, weightOn } from '../tree.ts'
import type { ViewProps } from './props.ts'

/** Where the bytes are: a map and a tree of the same files. */
export function Files({ data, state, update }: ViewProps) {
  const root = useMemo(() => treeOf(data.tree), [data])
  const { search, layer } = state
  const filtered = useMemo(
    () => filterNode(root, { search, layer }, data.owners),
    [root, search, layer?.side, layer?.index],
  )
  const node = filtered && findNode(filtered, state.path)
  const drawn = node !== null && !state.table && weightOn(node, 'both') > 0
  const props = { data, state, update }
  return (
    <>
      <MapLegend node={node ?? root} data={data} state={state} />
      <nav aria-label="Folder" class="crumbs">
        {crumbs(node?.path ?? '/').map(({ path, name }, index, all) =>
          index === all.length - 1 ? (
            <b key={path} aria-current="location">
              {middle(visible(name), 60)}
            </b>
          ) : (
            <button key={path} type="button" onClick={() => update({ path, selected: null })}>
              {middle(visible(name), 60)}
            </button>
          ),
        )}
        <button type="button" onClick={() => update({ table: !state.table })}>
          {state.table ? 'show as map' : 'show as table'}
        </button>
      </nav>
      {node ? (
        <>
          <p class="dim">
            <Summary node={node} {...props} />
          </p>
          <Selected node={node} {...props} />
          <div class={drawn ? 'map-and-tree' : ''}>
            {drawn && <Treemap node={node} {...props} />}
            <TreeGrid node={node} {...props} />
          </div>
        </>
      ) : (
        <p class="empty">
          Nothing matches. Small files are folded together and have no names here.
        </p>
      )}
    </>
  )
}

function Summary({
  node,
  data,
  state,
}: Omit<ViewProps, 'update' | 'unified'> & { readonly node: Node }) {
  const files = `${node.count} ${node.count === 1 ? 'file' : 'files'}`
  const found =
    state.search === '' ? files : `${files} match “${middle(visible(state.search), 60)}”`
  return (
    <>
      {middle(visible(node.path), 200)}: {found}, {size(node.before)}
      {data.after ? ` before, ${size(node.after)} after.` : '.'}
      {data.after &&
        state.side === 'both' &&
        ' Filled: what the image after still has; pale with a broken outline: what is gone.'}
    </>
  )
}

/** What is selected, in a sentence: size, kind, origin and layer, which are otherwise seen by pointing only. */
function Selected({
  node,
  data,
  state,
}: Omit<ViewProps, 'update' | 'unified'> & { readonly node: Node }) {
  const one = state.selected === null ? null : nodeAt(node, state.selected)
  const owner = one && data.owners[one.owner]
  const layers = (['before', 'after'] as const)
    .filter((side) => one && one.layers[side] >= 0)
    .map((side) => `layer ${(one?.layers[side] ?? 0) + 1}${data.after ? ` ${side}` : ''}`)
  return (
    <p class="selection" aria-live="polite">
      {one === null ? (
        <span class="dim">Select a tile or a row to see what it is and where it comes from.</span>
      ) : (
        <>
          <b class="mono">{middle(visible(one.path.replace(/\0.*/, one.name)), 200)}</b>{' '}
          {size(one.before)}
          {data.after ? ` before, ${one.after === 0 ? 'gone' : size(one.after)} after` : ''}
          {isOpenable(one)
            ? `, ${one.count} files`
            : `, ${kind(kindOf(data.categories[one.category])).title}`}
          {owner ? `, from ${middle(visible(owner), 80)}` : ''}
          {layers.length > 0 ? `, ${layers.join(', ')}` : ''}
        </>
      )}
    </p>
  )
}

function nodeAt(node: Node, path: string): Node | null {
  if (node.path === path) return node
  for (const child of node.children)
    if (child.path === path || path.startsWith(`${child.path}/`)) return nodeAt(child, path)
  return null
}

function crumbs(path: string): readonly { readonly path: string; readonly name: string }[] {
  const parts = path.split('/').filter((part) => part !== '')
  return [
    { path: '/', name: '/' },
    ...parts.map((name, index) => ({ path: `/${parts.slice(0, index + 1).join('/')}`, name })),
  ]
}
