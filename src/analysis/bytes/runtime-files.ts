import type { FileTree, ImageConfig } from '../../image/index.ts'
import { nameOf, realFile } from '../canonical.ts'
import { knownNeeds } from '../dlopen-catalogue.ts'
import { allElfFiles } from '../elf/index.ts'
import { executablesOf, findProgram, type StartedProgram } from '../entry/index.ts'
import { compilers } from '../just-in-time.ts'
import { librariesOf, linkClosure } from '../linking/index.ts'
import { nativeModulesOf } from '../python/index.ts'
import type { Link, PythonEnvironment } from '../types.ts'
import { appRootsOf } from './app-roots.ts'
import { nativeModules } from './native-modules.ts'

/** What the running app loads, as far as files tell. */
export type RuntimeClosure = {
  /**
   * Real paths with what says so: the programs that the configuration starts, their interpreters, the extension modules
   * of every Python environment, what its distributions are known to open or start, and all libraries that these link
   * or other native modules do.
   */
  readonly files: ReadonlyMap<string, string>
  /** The links that led there. */
  readonly links: readonly Link[]
  /** Paths of what the configuration starts, as found and real. */
  readonly started: ReadonlySet<string>
  /** Real paths of what is loaded without a link. */
  readonly roots: readonly string[]
  readonly programs: readonly StartedProgram[]
}

export function runtimeClosure(
  tree: FileTree,
  config: ImageConfig,
  environments: readonly PythonEnvironment[],
  isOwned: (path: string) => boolean,
): RuntimeClosure {
  const programs = executablesOf(config, tree)
  const roots = rootsOf(tree, config, environments, programs)
  const homes = [...appRootsOf(config, programs), ...homesOf(tree, programs)]
  const natives = new Set(nativeModules(tree, isOwned, homes))
  const env = config.config.Env ?? []
  const closure = linkClosure(tree, new Set([...roots.keys(), ...natives]), { env })
  const files = new Map<string, string>()
  const note = (path: string, why: string): void => {
    if (!files.has(path)) files.set(path, why)
  }
  for (const [path, why] of roots) {
    const real = realFile(tree, path)
    if (real !== undefined) note(real, why)
  }
  const begin = [...files.keys(), ...natives]
  for (const { from, found } of closure.links)
    if (found !== undefined) note(found, `loaded at run time by ${nameOf(from)}`)
  for (const path of closure.elves.keys()) if (!natives.has(path)) note(path, 'loaded at run time')
  const begun = programs.flatMap(({ path }) =>
    path === undefined ? [] : [path, realFile(tree, path) ?? path],
  )
  return { files, links: closure.links, started: new Set(begun), roots: begin, programs }
}

/** `/opt/java/openjdk` for its `bin/java`: what such a program opens lies beside it. */
function homesOf(tree: FileTree, programs: readonly StartedProgram[]): readonly string[] {
  const real = programs.flatMap(({ path }) =>
    path === undefined ? [] : (realFile(tree, path) ?? []),
  )
  const homes = real.flatMap((path) => /^(.+)\/bin\/[^/]+$/.exec(path)?.[1] ?? [])
  return [...new Set(homes)].filter((home) => home !== '/usr' && home !== '/usr/local')
}

/** Where the running app begins, and why. */
function rootsOf(
  tree: FileTree,
  config: ImageConfig,
  environments: readonly PythonEnvironment[],
  programs: readonly StartedProgram[],
): ReadonlyMap<string, string> {
  const roots = new Map<string, string>()
  const add = (path: string | undefined, why: string): void => {
    if (path !== undefined && !roots.has(path)) roots.set(path, why)
  }
  for (const { path, script, origin } of programs)
    add(
      path,
      script
        ? `started by ${script}`
        : origin === 'start'
          ? 'the image starts it'
          : 'the health check starts it',
    )
  for (const environment of environments) {
    add(environment.interpreter, `Python ${environment.version} of the image`)
    for (const one of environment.distributions)
      for (const module of nativeModulesOf(one))
        add(module, `extension module of ${one.name} ${one.version}`)
    for (const dir of standardLibrariesOf(environment))
      for (const { path } of allElfFiles(tree, `${dir}/lib-dynload`))
        add(path, `extension module of Python ${environment.version}`)
  }
  for (const [path, why] of knownlyNeeded(tree, config, environments)) add(path, why)
  return roots
}

/** Libraries and programs that distributions open by name, which no link shows: git for GitPython, gcc for triton. */
function* knownlyNeeded(
  tree: FileTree,
  config: ImageConfig,
  environments: readonly PythonEnvironment[],
): Iterable<readonly [string, string]> {
  const needs = knownNeeds(environments.flatMap(({ distributions }) => distributions))
  if (needs.length === 0) return
  const libraries = librariesOf(tree)
  for (const need of needs) {
    const why = `${need.distribution} is known to use it`
    const names = [...need.programs, ...(need.compiler ? compilers : [])]
    const programs = names.map((name) => findProgram(tree, config, name))
    const opened = need.libraries.map((name) => libraries.byStem(name.replace(/^lib/, '')))
    const data = need.data.map((path) => realFile(tree, path))
    for (const path of [...programs, ...opened, ...data]) if (path !== undefined) yield [path, why]
  }
}

/** Where an interpreter keeps its own modules; for a virtual environment there is nothing but site-packages. */
export function standardLibrariesOf({ prefix, version }: PythonEnvironment): readonly string[] {
  return [`${prefix}/lib/python${version}`, `${prefix}/lib64/python${version}`]
}
