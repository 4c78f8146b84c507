import {
  nativeModulesOf,
  type PythonDistribution,
  type PythonEnvironment,
  pythonEnvironments,
  readElfAt,
} from '../../../analysis/index.ts'
import { type FileTree, readResolved, type TreeEntry } from '../../../image/index.ts'
import {
  keptFiles,
  type LeanBase,
  type LibraryNeed,
  leanBase,
  libraryNeeds,
} from '../../system/index.ts'
import type { PlanInput } from '../../types.ts'

/** What the fat image shows about the project's Python packages and their libraries. */
export type PythonEvidence = {
  readonly lean: LeanBase
  /** The project's own files and packages. */
  readonly kept: readonly TreeEntry[]
  /** Installed above the base. */
  readonly distributions: readonly PythonDistribution[]
  /** Those with extension modules or bundled libraries. */
  readonly native: readonly PythonDistribution[]
  /** Those whose wheel was built on the machine that built the image. */
  readonly compiled: readonly PythonDistribution[]
  readonly libraries: readonly LibraryNeed[]
  /** Python files that belong to no distribution. */
  readonly sources: readonly string[]
}

/** Reads the fat image: kept files, their libraries, the distributions that the project installed. */
export function pythonEvidence({
  facts,
  fatTree,
  fatDb,
  leanBaseTree,
  env,
}: PlanInput): PythonEvidence {
  const { baseLayers, config } = facts
  const lean = leanBase({ tree: leanBaseTree, fatTree, fatDb, baseLayers })
  const kept = keptFiles(fatTree, fatDb, baseLayers)
  const environments = pythonEnvironments(fatTree, config)
  const distributions = installedByProject(environments, fatTree, baseLayers)
  const roots = kept.filter(({ path }) => readElfAt(fatTree, path)).map(({ path }) => path)
  return {
    lean,
    kept,
    sources: kept
      .map(({ path }) => path)
      .filter((path) => path.endsWith('.py') && !/\/(?:site|dist)-packages\//.test(path)),
    distributions,
    native: distributions.filter((one) => nativeModulesOf(one).length > 0),
    compiled: distributions.filter((one) => isBuiltHere(fatTree, one)),
    libraries: libraryNeeds({
      tree: fatTree,
      db: fatDb,
      lean,
      roots,
      env: env ?? config.config.Env ?? [],
      host: environments[0]?.interpreter,
    }),
  }
}

function installedByProject(
  environments: readonly PythonEnvironment[],
  tree: FileTree,
  baseLayers: number,
): readonly PythonDistribution[] {
  const all = environments.flatMap((one) => one.distributions)
  return all.filter(({ path }) => (tree.lookup(path)?.layer ?? -1) >= baseLayers)
}

/**
 * A wheel from an index is tagged `manylinux…` or `any`; one that was built from source says plain `linux_x86_64`
 * (packaging.python.org, platform compatibility tags).
 */
function isBuiltHere(tree: FileTree, { path }: PythonDistribution): boolean {
  const bytes = readResolved(tree, `${path}/WHEEL`)
  return bytes !== undefined && /^Tag: \S+-linux_\w+\s*$/m.test(new TextDecoder().decode(bytes))
}
