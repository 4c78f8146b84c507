import {
  moduleNameOf,
  nativeModulesOf,
  type PythonDistribution,
  type PythonEnvironment,
} from '../../analysis/index.ts'
import { onlyInstalled, tooling, usedPythons } from '../files/index.ts'
import type { RungInput } from '../rung.ts'
import { pythonScript } from './python-script.ts'
import { marker, moduleSeconds, type Sweeper, sorted } from './types.ts'

/** Extension modules and top-level packages of the distributions above fat's base, by each environment in use. */
export const pythonSweeper: Sweeper = {
  language: 'Python',
  sweepsOf: (input) =>
    usedPythons(input.fat).map((environment) => ({
      interpreter: environment.interpreter,
      modules: modulesOf(environment, input),
      command: (modules) => [
        '-c',
        pythonScript,
        JSON.stringify(modules),
        String(moduleSeconds),
        marker,
      ],
      verb: 'import',
    })),
}

function modulesOf(
  { prefix, sitePackages, distributions }: PythonEnvironment,
  { fat, lean }: Pick<RungInput, 'fat' | 'lean'>,
): readonly string[] {
  const names = new Set<string>()
  const kept = lean.environments().filter((one) => one.prefix === prefix)
  const installers = onlyInstalled(fat)
  // What installs other distributions may be left behind: that is P4's judgement.
  const isLeft = (one: PythonDistribution): boolean =>
    (tooling.has(one.key) || installers.has(one)) &&
    !kept.some(({ distributions: left }) => left.some((other) => other.key === one.key))
  for (const distribution of distributions) {
    const entry =
      fat.tree.lookup(`${distribution.path}/METADATA`) ?? fat.tree.lookup(distribution.path)
    if (entry === undefined || entry.layer < fat.subject.baseLayers) continue
    if (isLeft(distribution)) continue
    for (const path of distribution.files) {
      const name = topLevelOf(path, sitePackages)
      if (name !== undefined) names.add(name)
    }
    for (const path of nativeModulesOf(distribution)) {
      const name = moduleNameOf(path, sitePackages)
      if (name !== undefined) names.add(name)
    }
  }
  return sorted(names)
}

/** `flask` for `…/site-packages/flask/__init__.py` and `six` for `…/site-packages/six.py`. */
function topLevelOf(path: string, sitePackages: readonly string[]): string | undefined {
  const site = sitePackages.find((dir) => path.startsWith(`${dir}/`))
  if (site === undefined) return undefined
  return /^([A-Za-z_]\w*)(?:\/__init__)?\.py$/.exec(path.slice(site.length + 1))?.[1]
}
