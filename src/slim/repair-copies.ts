import type { Missing } from '../proof/index.ts'
import type { RepairWorld } from './repair.ts'
import { copyLines, isSayable } from './split/index.ts'
import type { Plan, Step } from './types.ts'

/** More files than this are no oversight of a plan, but another way of building the app. */
const mostCopies = 20

/** A plan whose runtime copies from the builder what lean lacks and no package owns. */
export function withCopies(
  plan: Plan,
  missing: readonly Missing[],
  { tree, db }: Pick<RepairWorld, 'tree' | 'db'>,
): { readonly plan: Plan; readonly paths: readonly string[] } {
  const none = { plan, paths: [] }
  const last = plan.shared.at(-1)
  if (plan.inPlace || !last) return none
  const before = new Set(plan.shared.flatMap(textsOf).join(' ').split(/\s+/))
  const wanted = new Set(
    missing.flatMap((one) => (one.kind === 'file' && one.package === undefined ? [one.path] : [])),
  )
  const entries = [...wanted].flatMap((path) => {
    const entry = tree.lookup(path)
    return entry && isSayable(path) && !db.ownerOf(path) && !before.has(path) ? [entry] : []
  })
  const paths = entries.map(({ path }) => path).sort()
  if (paths.length === 0 || paths.length > mostCopies) return none
  const owners = (path: string): string | null => {
    const entry = tree.lookup(path)
    return !entry || (entry.uid === 0 && entry.gid === 0) ? null : `${entry.uid}:${entry.gid}`
  }
  const isDirectory = (path: string): boolean => tree.lookup(path)?.kind === 'dir'
  const places = {
    directories: paths.filter(isDirectory),
    files: paths.filter((path) => !isDirectory(path)),
  }
  const lines = copyLines(places, plan.builder.name, owners)
  const runtime = [...last.runtime, ...lines.map((text) => ({ kind: 'text', text }) as const)]
  return { plan: { ...plan, shared: [...plan.shared.slice(0, -1), { ...last, runtime }] }, paths }
}

function textsOf({ runtime }: Step): readonly string[] {
  return runtime.flatMap((piece) => (piece.kind === 'text' ? [piece.text] : []))
}
