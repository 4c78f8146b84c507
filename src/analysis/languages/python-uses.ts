import type { FileTree } from '../../image/index.ts'
import { textAt } from '../text.ts'
import type { PythonDistribution, PythonEnvironment } from '../types.ts'
import type { Survey } from './survey.ts'

const largest = 1024 * 1024
const imported = /^[ \t]*(?:import|from)[ \t]+(\w+)/gm

/**
 * Whether the image uses a distribution by itself: starts a file or a module of it, or imports it from the app's own
 * sources; for setuptools also, whether a package that stays imports `pkg_resources`, which many do without saying so
 * in their metadata. Requirements of other distributions are not looked at here.
 */
export function pythonUses(
  survey: Survey,
  { distributions, version }: PythonEnvironment,
  topModulesOf: (distribution: PythonDistribution) => ReadonlySet<string>,
): (distribution: PythonDistribution) => boolean {
  const { tree } = survey
  let names: ReadonlySet<string> | undefined
  const isImported = (name: string): boolean => {
    names ??= appImports(survey)
    return names.has(name)
  }
  const modules = new Set(survey.started().flatMap(({ module }) => module?.split('.')[0] ?? []))
  const isStarted = ({ files }: PythonDistribution): boolean => files.some(survey.isStarted)
  const late = Number(version.split('.')[1]) >= 12
  return (one) => {
    const top = [...topModulesOf(one)]
    // The standard library's own distutils, which setuptools stands in for, is gone since 3.12.
    if (one.key === 'setuptools' && late) top.push('distutils')
    if (top.some((name) => modules.has(name) || isImported(name)) || isStarted(one)) return true
    return one.key === 'setuptools' && distributions.some((other) => wantsResources(tree, other))
  }
}

/** Names of the top-level modules that the app's sources import, wherever in the file. */
function appImports({ tree, marks }: Survey): ReadonlySet<string> {
  const out = new Set<string>()
  for (const { path } of marks('python'))
    for (const [, name] of (textAt(tree, path, largest) ?? '').matchAll(imported))
      if (name !== undefined) out.add(name)
  return out
}

const importsResources = /^[ \t]*(?:import|from)[ \t]+pkg_resources\b/m
const ownUse: ReadonlySet<string> = new Set(['setuptools', 'pip', 'wheel'])

function wantsResources(tree: FileTree, { key, files }: PythonDistribution): boolean {
  if (ownUse.has(key)) return false
  return files.some((path) => {
    const size = path.endsWith('.py') ? (tree.lookup(path)?.size ?? 0) : 0
    if (size === 0 || size > largest) return false
    const bytes = Buffer.from(tree.read(path))
    return bytes.includes('pkg_resources') && importsResources.test(bytes.toString('latin1'))
  })
}
