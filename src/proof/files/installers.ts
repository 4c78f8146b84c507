import { installerOnly, type PythonDistribution, topModulesOf } from '../../analysis/index.ts'
import type { Side } from '../side.ts'
import { appImports } from './imports.ts'

/** What installs and builds distributions; needed at run time only by who requires or imports it. */
export const tooling: ReadonlySet<string> = new Set(['pip', 'setuptools', 'wheel'])

const judged = new WeakMap<Side, ReadonlySet<PythonDistribution>>()

/** Poetry and its like, with what only they require. */
export function onlyInstalled(fat: Side): ReadonlySet<PythonDistribution> {
  const known = judged.get(fat)
  if (known) return known
  const started = new Set(fat.programs().map(({ path }) => path))
  const isUsed = (one: PythonDistribution): boolean =>
    one.files.some((file) => started.has(file)) || appImports(fat, [...topModulesOf(one)])
  const found = new Set(
    fat.environments().flatMap(({ distributions }) => installerOnly(distributions, isUsed)),
  )
  judged.set(fat, found)
  return found
}
