import { type FileTree, resolvePath } from '../../../image/index.ts'
import type { NodeEvidence } from './evidence.ts'

const home = '/usr/local/lib/node_modules/'

/**
 * Packages installed beside the project (`npm install -g pm2`) that the image starts: their names, and the links in
 * /usr/local/bin that lead to them. What the base brings itself is not among them.
 */
export function startedGlobals(
  tree: FileTree,
  { started }: NodeEvidence,
  baseLayers: number,
): ReadonlySet<string> {
  const names = new Set(
    started.flatMap(({ path }) => {
      const real = path === undefined ? '' : resolvePath(tree, path).path
      const name = nameOf(real)
      const entry = name === undefined ? undefined : tree.lookup(`${home}${name}/package.json`)
      return name !== undefined && (entry?.layer ?? -1) >= baseLayers ? [name] : []
    }),
  )
  const links = tree.readdir('/usr/local/bin').flatMap((one) => {
    const name = nameOf(resolvePath(tree, `/usr/local/bin/${one}`).path)
    return name !== undefined && names.has(name) ? [`/usr/local/bin/${one}`] : []
  })
  return new Set([...names, ...links])
}

function nameOf(path: string): string | undefined {
  return /^\/usr\/local\/lib\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]
}

/** True for a program that a package installed beside the project brings: `tsc` after `npm install -g typescript`. */
export function isGlobalProgram(tree: FileTree, name: string): boolean {
  if (name === '' || name.includes('/')) return false
  const { path, entry } = resolvePath(tree, `/usr/local/bin/${name}`)
  return entry !== undefined && nameOf(path) !== undefined
}
