import {
  executablesOf,
  type NodePackage,
  nodeModules,
  type PackedServer,
  packedServer,
  type StartedProgram,
} from '../../../analysis/index.ts'
import { type FileTree, resolvePath } from '../../../image/index.ts'
import { entriesOf } from '../../system/index.ts'
import type { ProjectInput } from '../../types.ts'
import { developmentUse } from './development.ts'

/** One directory with a package.json and a node_modules. */
export type NodeProject = {
  readonly path: string
  /** Scripts of its package.json. */
  readonly scripts: Readonly<Record<string, unknown>>
  /** Installed packages that no production dependency of any project leads to. */
  readonly development: readonly NodePackage[]
}

/** What the fat image shows about the packages of the project. */
export type NodeEvidence = {
  readonly started: readonly StartedProgram[]
  /** Outermost first; those inside another one (workspaces) have their own node_modules only. */
  readonly projects: readonly NodeProject[]
  readonly packages: readonly NodePackage[]
  /** Packages whose native addon was compiled while the image was built. */
  readonly compiled: readonly NodePackage[]
  /** Where the server carries what it loads: the rest of its project stays behind. */
  readonly packed: PackedServer | null
  /** The only project, when all that is installed for it is for development: its `node_modules` stays behind. */
  readonly bundled: string | null
  /** Why development dependencies are of use at run time, null when they are not. */
  readonly stays: string | null
}

/** Reads the fat image: projects, packages, which of them only development needs, which were compiled. */
export function nodeEvidence({ facts, fatTree: tree }: ProjectInput): NodeEvidence {
  const own = entriesOf(tree).filter((entry) => entry.layer >= facts.baseLayers)
  const { packages, projects } = nodeModules(tree, own)
  const started = executablesOf(facts.config, tree)
  const reached = new Set(projects.flatMap(({ production }) => [...production]))
  const inProject = (one: NodePackage): boolean =>
    projects.some(({ path }) => one.path.startsWith(`${path}/node_modules/`))
  const development = packages.filter((one) => inProject(one) && !reached.has(one.path))
  const stays = developmentUse({ tree, own, started, development })
  const [project, ...more] = projects
  const installed = packages.filter(inProject)
  const isBundled =
    stays === null &&
    more.length === 0 &&
    installed.length > 0 &&
    installed.length === development.length
  return {
    started,
    packages: installed,
    projects: projects
      .map(({ path }) => ({
        path,
        scripts: scriptsAt(tree, path),
        development: development.filter((one) => one.path.startsWith(`${path}/node_modules/`)),
      }))
      .sort((a, b) => a.path.length - b.path.length || (a.path < b.path ? -1 : 1)),
    compiled: packages.filter(({ natives }) =>
      natives.some(
        (path) => /\/build\/(?:Release|Debug)\//.test(path) || /\/lib\/binding\//.test(path),
      ),
    ),
    packed: packedServer(started),
    bundled: isBundled ? (project?.path ?? null) : null,
    stays,
  }
}

function scriptsAt(tree: FileTree, dir: string): Readonly<Record<string, unknown>> {
  try {
    const { path, entry } = resolvePath(tree, `${dir}/package.json`)
    const text = entry?.kind === 'file' ? new TextDecoder().decode(tree.read(path)) : '{}'
    const { scripts } = JSON.parse(text) as { readonly scripts?: unknown }
    return typeof scripts === 'object' ? { ...scripts } : {}
  } catch {
    return {}
  }
}
