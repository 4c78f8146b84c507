import type { FileTree, ImageConfig } from '../../image/index.ts'
import { realFile } from '../canonical.ts'
import { allElfFiles } from '../elf/index.ts'
import { executablesOf } from '../entry/index.ts'
import { linkClosure } from '../linking/index.ts'
import { nativeModulesOf } from '../python/index.ts'
import type { Link, PythonEnvironment } from '../types.ts'

/**
 * Real paths of what the running app loads, as far as files tell: the programs that the configuration starts, their
 * interpreters, the extension modules of every Python environment, and all libraries these link.
 */
export function runtimeFiles(
  tree: FileTree,
  config: ImageConfig,
  environments: readonly PythonEnvironment[],
): ReadonlySet<string> {
  return runtimeClosure(tree, config, environments).files
}

/** The same, with the links that led there and how many files they were started from. */
export function runtimeClosure(
  tree: FileTree,
  config: ImageConfig,
  environments: readonly PythonEnvironment[],
): {
  readonly files: ReadonlySet<string>
  readonly links: readonly Link[]
  readonly started: ReadonlySet<string>
} {
  const started = executablesOf(config, tree)
    .map(({ path }) => path)
    .filter((path) => path !== undefined)
  const modules = environments.flatMap(({ interpreter, distributions }) => [
    interpreter,
    ...distributions.flatMap(nativeModulesOf),
  ])
  const dynamicLoad = environments.flatMap((environment) =>
    standardLibrariesOf(environment).flatMap((dir) =>
      [...allElfFiles(tree, `${dir}/lib-dynload`)].map(({ path }) => path),
    ),
  )
  const roots = [...started, ...modules, ...dynamicLoad]
  const closure = linkClosure(tree, roots, { env: config.config.Env ?? [] })
  const out = new Set(closure.elves.keys())
  for (const path of [...started, ...environments.map(({ interpreter }) => interpreter)]) {
    const real = realFile(tree, path)
    if (real !== undefined) out.add(real)
  }
  const begun = started.flatMap((path) => [path, realFile(tree, path) ?? path])
  return { files: out, links: closure.links, started: new Set(begun) }
}

/** Where an interpreter keeps its own modules; for a virtual environment there is nothing but site-packages. */
export function standardLibrariesOf({ prefix, version }: PythonEnvironment): readonly string[] {
  return [`${prefix}/lib/python${version}`, `${prefix}/lib64/python${version}`]
}
