import type { PageNode } from './data.ts'
import type { Side, State } from './state.ts'

export type Node = {
  readonly name: string
  readonly path: string
  readonly before: number
  readonly after: number
  readonly category: number
  readonly layer: number
  readonly children: readonly Node[]
}

/** The tree with paths; built once. */
export function nodeOf(raw: PageNode, path = '/'): Node {
  const [name, before, after, category, layer, children = []] = raw
  return {
    ...{ name, path, before, after, category, layer },
    children: children.map((child) =>
      nodeOf(child, path === '/' ? `/${child[0]}` : `${path}/${child[0]}`),
    ),
  }
}

/** Where the union puts a node: on the larger of its sides when both are shown, so that what went keeps its place. */
export function weightOn(node: Node, side: Side): number {
  if (side === 'before') return node.before
  return side === 'after' ? node.after : Math.max(node.before, node.after)
}

/** The node at a path, or the nearest one above it. */
export function findNode(root: Node, path: string): Node {
  let node = root
  for (;;) {
    const next = node.children.find(
      (child) =>
        child.children.length > 0 && (path === child.path || path.startsWith(`${child.path}/`)),
    )
    if (!next) return node
    node = next
  }
}

/** Only what the search and the selected layer leave; directories with nothing left are gone. */
export function filterNode(node: Node, state: Pick<State, 'search' | 'layer'>): Node | null {
  if (state.search === '' && state.layer === null) return node
  const wanted = state.search.toLowerCase()
  const keep = (one: Node, matched: boolean): Node | null => {
    const hit = matched || wanted === '' || one.name.toLowerCase().includes(wanted)
    if (one.children.length === 0)
      return hit && (state.layer === null || one.layer === state.layer) ? one : null
    const children = one.children.flatMap((child) => keep(child, hit && wanted !== '') ?? [])
    if (children.length === 0) return null
    const sum = (side: 'before' | 'after'): number =>
      children.reduce((total, child) => total + child[side], 0)
    return { ...one, children, before: sum('before'), after: sum('after') }
  }
  return keep(node, false)
}
