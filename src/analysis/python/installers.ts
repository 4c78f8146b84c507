import type { PythonDistribution } from '../types.ts'

/** Distributions that install others and have no part in a running app. */
const installers: ReadonlySet<string> = new Set([
  'build',
  'hatch',
  'micropipenv',
  'pdm',
  'pip-tools',
  'pipenv',
  'pipx',
  'poetry',
  'uv',
  'virtualenv',
])

/** What the interpreter comes with for installing, and what builds a distribution from its sources (PEP 517). */
const builders: ReadonlySet<string> = new Set([
  ...['pip', 'setuptools', 'wheel', 'cython', 'meson', 'meson-python', 'ninja', 'cmake', 'maturin'],
  ...['scikit-build', 'scikit-build-core', 'pybind11', 'nanobind', 'hatchling', 'flit-core'],
  ...['poetry-core', 'pdm-backend', 'setuptools-scm', 'setuptools-rust', 'pyproject-metadata'],
])

/**
 * The distributions among them that only installed the others: Poetry, Pipenv and their like, with everything that
 * nobody else requires.
 * @param isUsed true for one that the app asks for, imports or starts by itself
 */
export function installerOnly(
  distributions: readonly PythonDistribution[],
  isUsed: (distribution: PythonDistribution) => boolean,
): readonly PythonDistribution[] {
  return neededFor(distributions, ({ key }) => installers.has(key), isUsed)
}

/** The same for installers, pip itself and build backends: nothing that an installed app runs. */
export function buildOnly(
  distributions: readonly PythonDistribution[],
  isUsed: (distribution: PythonDistribution) => boolean,
): readonly PythonDistribution[] {
  return neededFor(distributions, ({ key }) => installers.has(key) || builders.has(key), isUsed)
}

function neededFor(
  distributions: readonly PythonDistribution[],
  isTool: (distribution: PythonDistribution) => boolean,
  isUsed: (distribution: PythonDistribution) => boolean,
): readonly PythonDistribution[] {
  const byKey = new Map(distributions.map((one) => [one.key, one]))
  const left = new Map<string, PythonDistribution>()
  const pending = distributions.filter(isTool)
  for (let one = pending.pop(); one; one = pending.pop()) {
    if (left.has(one.key) || isUsed(one)) continue
    left.set(one.key, one)
    for (const key of one.requires) {
      const required = byKey.get(key)
      if (required) pending.push(required)
    }
  }
  // What a distribution that stays requires, stays as well.
  for (let before = -1; before !== left.size; ) {
    before = left.size
    for (const { key, requires } of distributions)
      if (!left.has(key)) for (const needed of requires) left.delete(needed)
  }
  return [...left.values()]
}

/** Top-level modules and packages that a distribution's file record lists. */
export function topModulesOf({ path, files }: PythonDistribution): ReadonlySet<string> {
  const site = `${path.slice(0, path.lastIndexOf('/'))}/`
  const names = new Set<string>()
  for (const file of files) {
    if (!file.startsWith(site)) continue
    const [first = ''] = file.slice(site.length).split('/')
    if (/\.(?:dist|egg)-info$|^__pycache__$/.test(first)) continue
    names.add(first.replace(/\..*$/, ''))
  }
  return names
}
