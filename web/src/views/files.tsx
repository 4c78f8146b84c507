import { useMemo } from 'preact/hooks'
import { size } from '../format.ts'
import { kindIds, kindOf } from '../kinds.ts'
import { Legend } from '../parts/patterns.tsx'
import { TreeGrid } from '../parts/tree-grid.tsx'
import { Treemap } from '../parts/treemap.tsx'
import { filterNode, findNode, nodeOf, weightOn } from '../tree.ts'
import type { ViewProps } from './props.ts'

/** Where the bytes are: a map and a tree of the same files. */
export function Files({ data, state, update }: ViewProps) {
  const root = useMemo(() => nodeOf(data.tree), [data])
  const filtered = useMemo(
    () => filterNode(root, { search: state.search, layer: state.layer }),
    [root, state.search, state.layer],
  )
  const node = filtered && findNode(filtered, state.path)
  const used = new Set(data.categories.map(kindOf))
  const open = (path: string): void => update({ path })
  return (
    <>
      <Legend ids={kindIds.filter((id) => used.has(id))} patterns={state.patterns} />
      <nav aria-label="Folder" class="crumbs">
        {crumbs(node?.path ?? '/').map(({ path, name }) => (
          <button key={path} type="button" onClick={() => open(path)}>
            {name}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={state.table}
          onClick={() => update({ table: !state.table })}
        >
          {state.table ? 'show as map' : 'show as table'}
        </button>
        {state.layer !== null && (
          <button type="button" onClick={() => update({ layer: null })}>
            layer {state.layer + 1} only ✕
          </button>
        )}
      </nav>
      {node ? (
        <>
          <p class="dim">
            {node.path}: {size(node.before)}
            {data.after ? ` before, ${size(node.after)} after` : ''}
            {state.search === '' ? '' : ` in what matches “${state.search}”`}
            {data.after && state.side === 'both'
              ? '. Pale tiles with a broken outline are gone from the image after.'
              : '.'}
          </p>
          {!state.table && weightOn(node, state.side) > 0 && (
            <Treemap node={node} data={data} state={state} open={open} />
          )}
          <TreeGrid node={node} data={data} state={state} open={open} />
        </>
      ) : (
        <p class="empty">Nothing matches.</p>
      )}
    </>
  )
}

function crumbs(path: string): readonly { readonly path: string; readonly name: string }[] {
  const parts = path.split('/').filter((part) => part !== '')
  return [
    { path: '/', name: '/' },
    ...parts.map((name, index) => ({ path: `/${parts.slice(0, index + 1).join('/')}`, name })),
  ]
}
