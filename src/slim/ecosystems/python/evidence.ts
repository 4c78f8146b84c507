import {
  nativeModulesOf,
  type PythonDistribution,
  type PythonEnvironment,
  pythonEnvironments,
} from '../../../analysis/index.ts'
import { type FileTree, readResolved } from '../../../image/index.ts'
import { keptFiles } from '../../system/index.ts'
import type { PlanInput } from '../../types.ts'

/** What the fat image shows about the project's Python packages. */
export type PythonEvidence = {
  /** Absolute path of the interpreter that the app runs with, undefined when there is none. */
  readonly interpreter: string | undefined
  readonly environments: readonly PythonEnvironment[]
  /** Installed above the base. */
  readonly distributions: readonly PythonDistribution[]
  /** Those with extension modules or bundled libraries. */
  readonly native: readonly PythonDistribution[]
  /** Those whose wheel was built on the machine that built the image. */
  readonly compiled: readonly PythonDistribution[]
  /** Every file that stays, by path: the project's own and those of what it installed. */
  readonly files: readonly string[]
  /** Python files that belong to no distribution. */
  readonly sources: readonly string[]
}

/** Reads the fat image: the distributions that the project installed, and its own sources. */
export function pythonEvidence({ facts, fatTree, fatDb, leftovers }: PlanInput): PythonEvidence {
  const { baseLayers, config } = facts
  const environments = pythonEnvironments(fatTree, config)
  const distributions = installedByProject(environments, fatTree, baseLayers)
  const files = keptFiles(fatTree, fatDb, baseLayers, leftovers).map(({ path }) => path)
  return {
    files,
    environments,
    interpreter: environments[0]?.interpreter,
    sources: files.filter(
      (path) => path.endsWith('.py') && !/\/(?:site|dist)-packages\//.test(path),
    ),
    distributions,
    native: distributions.filter((one) => nativeModulesOf(one).length > 0),
    compiled: distributions.filter((one) => isBuiltHere(fatTree, one)),
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
