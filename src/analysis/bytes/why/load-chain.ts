import type { Link } from '../../types.ts'

/**
 * The shortest way by which the running app comes to load one of the files.
 * @param roots files that are loaded without a link: programs, interpreters, extension modules
 * @returns from a root to the file; empty when no link leads there
 */
export function loadChain(
  links: readonly Link[],
  roots: Iterable<string>,
  wanted: ReadonlySet<string>,
): readonly string[] {
  const next = new Map<string, string[]>()
  for (const { from, found } of links) {
    if (found === undefined) continue
    const list = next.get(from)
    if (list) list.push(found)
    else next.set(from, [found])
  }
  const parents = new Map<string, string | null>([...roots].map((root) => [root, null]))
  for (const [path] of parents) {
    if (wanted.has(path)) return backFrom(parents, path)
    for (const target of next.get(path) ?? []) if (!parents.has(target)) parents.set(target, path)
  }
  return []
}

function backFrom(parents: ReadonlyMap<string, string | null>, path: string): readonly string[] {
  const chain: string[] = []
  for (let at: string | null | undefined = path; at; at = parents.get(at)) chain.unshift(at)
  return chain
}
