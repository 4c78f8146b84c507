import {
  executablesOf,
  type NodeModules,
  nodeModules,
  type PackageDatabase,
  type PythonDistribution,
  type PythonEnvironment,
  pythonEnvironments,
  type StartedProgram,
  systemPackages,
} from '../analysis/index.ts'
import { type ContainerConfig, type FileTree, resolvePath, type TreeEntry } from '../image/index.ts'
import type { Subject } from './ports.ts'

/** One image with what several rungs want to know of it; each answer is computed once, when first asked for. */
export type Side = {
  readonly subject: Subject
  readonly tree: FileTree
  readonly config: ContainerConfig
  readonly env: readonly string[]
  /** Every entry of the tree but those of /proc, /sys and /dev. */
  readonly entries: () => readonly TreeEntry[]
  /** Those that come from layers above the base. */
  readonly ownEntries: () => readonly TreeEntry[]
  readonly packages: () => PackageDatabase | undefined
  readonly environments: () => readonly PythonEnvironment[]
  /** npm packages, and which of them production reaches. */
  readonly nodeModules: () => NodeModules
  /** The Python distribution whose record lists the path. */
  readonly distributionOf: (path: string) => PythonDistribution | undefined
  /** What ENTRYPOINT with CMD, and HEALTHCHECK, start. */
  readonly programs: () => readonly StartedProgram[]
  /** The history line of a layer, e.g. `RUN /bin/sh -c apt-get …`; empty when the history is too short. */
  readonly createdBy: (layer: number) => string
}

export function sideOf(subject: Subject): Side {
  const { tree, config } = subject
  const entries = once(() =>
    [...tree.walk()].filter(({ path }) => !/^\/(?:proc|sys|dev)\//.test(path)),
  )
  const environments = once(() => pythonEnvironments(tree, config))
  const owners = once(() => ownersOf(environments()))
  const lines = once(() => config.history.filter((entry) => entry.empty_layer !== true))
  return {
    subject,
    tree,
    config: config.config,
    env: config.config.Env ?? [],
    entries,
    ownEntries: once(() => entries().filter(({ layer }) => layer >= subject.baseLayers)),
    packages: once(() => systemPackages(tree)),
    environments,
    nodeModules: once(() => nodeModules(tree, entries())),
    distributionOf: (path) => owners().get(path),
    programs: once(() => executablesOf(config, tree)),
    createdBy: (layer) => lines()[layer]?.created_by ?? '',
  }
}

/** The entry at a path whose parents may be symlinks, the last component not followed. */
export function entryAt(tree: FileTree, path: string): TreeEntry | undefined {
  try {
    return resolvePath(tree, path, { followLast: false }).entry
  } catch {
    return undefined
  }
}

/** What a path leads to when every symlink is followed; undefined when it dangles. */
export function targetOf(tree: FileTree, path: string): TreeEntry | undefined {
  try {
    return resolvePath(tree, path).entry
  } catch {
    return undefined
  }
}

/** `libpq5`, or the Python distribution `psycopg2 2.9.9`, that owns a path. */
export function ownerName(side: Side, path: string): string | undefined {
  const distribution = side.distributionOf(path)
  if (distribution) return `${distribution.name} ${distribution.version}`
  return side.packages()?.ownerOf(path)?.name
}

function ownersOf(
  environments: readonly PythonEnvironment[],
): ReadonlyMap<string, PythonDistribution> {
  const out = new Map<string, PythonDistribution>()
  for (const { distributions } of environments)
    for (const distribution of distributions)
      for (const path of distribution.files) out.set(path, distribution)
  return out
}

function once<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | undefined
  return () => {
    kept ??= { value: compute() }
    return kept.value
  }
}
