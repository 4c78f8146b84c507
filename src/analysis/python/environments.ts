import type { FileTree, ImageConfig } from '../../image/index.ts'
import { join, nameOf, parentOf, realDirectory, realFile } from '../canonical.ts'
import { searchDirectories, variable } from '../environment.ts'
import { textAt } from '../text.ts'
import type { PythonDistribution, PythonEnvironment } from '../types.ts'
import { distributionsIn } from './distributions.ts'
import { pathFiles } from './path-files.ts'
import { virtualEnvironments } from './virtual-environments.ts'

/**
 * Python interpreters that an app of this image can reach: those on PATH first, in its order, then virtual
 * environments in the places where projects put them. One environment a prefix and version; an interpreter without
 * its standard library is none. Where two site directories hold the same distribution, the one imported first counts.
 */
export function pythonEnvironments(
  tree: FileTree,
  { config }: Pick<ImageConfig, 'config'>,
): readonly PythonEnvironment[] {
  const out = new Map<string, PythonEnvironment>()
  for (const path of interpreters(tree, config.Env, config.WorkingDir)) {
    const found = identify(tree, path)
    const key = found && `${found.prefix}:${found.version}`
    if (!found || key === undefined || out.has(key)) continue
    const sitePackages = siteDirectories(tree, found, config.Env)
    out.set(key, {
      interpreter: path,
      version: found.version,
      prefix: found.prefix,
      sitePackages,
      distributions: installed(tree, sitePackages),
    })
  }
  return [...out.values()]
}

type Interpreter = {
  readonly version: string
  readonly prefix: string
  /** Set for virtual environments: whether the interpreter below shows through, and where that is. */
  readonly venv?: { readonly base: string; readonly systemSite: boolean }
}

const interpreterName = /^(?:python|pypy)(?:\d+(?:\.\d+t?)?)?$/

function* interpreters(
  tree: FileTree,
  env: readonly string[] | undefined,
  workDir: string | undefined,
): Iterable<string> {
  const onPath = searchDirectories(env)
  const shims = onPath.filter((dir) => dir.endsWith('/shims')).map(parentOf)
  const versions = shims.flatMap((root) =>
    tree.readdir(`${root}/versions`).map((name) => `${root}/versions/${name}/bin`),
  )
  const venvs = virtualEnvironments(tree, env, workDir).map((dir) => `${dir}/bin`)
  for (const dir of [...onPath, ...versions, ...venvs]) {
    const names = tree.readdir(realDirectory(tree, dir) ?? dir)
    for (const name of names) if (interpreterName.test(name)) yield join(dir, name)
  }
}

/** Prefix and version, from `pyvenv.cfg` beside it or from the real file's name and place. */
function identify(tree: FileTree, path: string): Interpreter | undefined {
  const venvPrefix = parentOf(parentOf(path))
  const settings = textAt(tree, join(venvPrefix, 'pyvenv.cfg'), 65536)
  if (settings !== undefined) return identifyVenv(tree, venvPrefix, settings)
  const real = realFile(tree, path)
  if (real === undefined) return undefined
  const prefix = parentOf(parentOf(real))
  const named = /(\d+\.\d+t?)$/.exec(nameOf(real))?.[1]
  const version = named ?? versionsUnder(tree, prefix)[0]
  return version !== undefined && versionsUnder(tree, prefix).includes(version)
    ? { version, prefix }
    : undefined
}

function identifyVenv(tree: FileTree, prefix: string, settings: string): Interpreter | undefined {
  const setting = (name: string): string | undefined =>
    new RegExp(`^${name}\\s*=\\s*(.*)$`, 'im').exec(settings)?.[1]?.trim()
  const version =
    /^\d+\.\d+/.exec(setting('version') ?? setting('version_info') ?? '')?.[0] ??
    versionsUnder(tree, prefix)[0]
  if (version === undefined) return undefined
  const systemSite = setting('include-system-site-packages')?.toLowerCase() === 'true'
  return { version, prefix, venv: { base: parentOf(setting('home') ?? '/usr/bin'), systemSite } }
}

/** Names of `lib/python3.11` directories, newest first. */
function versionsUnder(tree: FileTree, prefix: string): readonly string[] {
  const libs = [join(prefix, 'lib'), join(prefix, 'lib64')]
  const names = libs.flatMap((lib) => tree.readdir(realDirectory(tree, lib) ?? lib))
  return names
    .map((name) => /^(?:python|pypy)(\d+\.\d+t?)$/.exec(name)?.[1])
    .filter((version) => version !== undefined)
    .sort((a, b) => Number.parseInt(b.slice(2), 10) - Number.parseInt(a.slice(2), 10))
}

/** Directories of sys.path that can hold distributions, in its order, as real paths. */
function siteDirectories(
  tree: FileTree,
  { version, prefix, venv }: Interpreter,
  env: readonly string[] | undefined,
): readonly string[] {
  const own = venv
    ? [
        ...prefixSites(prefix, version),
        ...(venv.systemSite ? baseSites(tree, venv.base, version) : []),
      ]
    : baseSites(tree, prefix, version)
  const given = (variable(env, 'PYTHONPATH') ?? '').split(':').filter((dir) => dir.startsWith('/'))
  const real = [...given, ...own].map((dir) => realDirectory(tree, dir))
  return [...new Set(real.filter((dir) => dir !== undefined))]
}

function prefixSites(prefix: string, version: string): readonly string[] {
  return ['lib', 'lib64'].flatMap((lib) =>
    [`python${version}`, `pypy${version}`].map((name) =>
      join(join(prefix, lib), `${name}/site-packages`),
    ),
  )
}

/**
 * Debian's system Python has directories of its own, and does not look into the site-packages of an interpreter under
 * /usr/local beside it; users' homes come first.
 */
function baseSites(tree: FileTree, prefix: string, version: string): readonly string[] {
  const homes = ['/root', ...tree.readdir('/home').map((name) => `/home/${name}`)]
  const users = homes.map((home) => `${home}/.local/lib/python${version}/site-packages`)
  const debian = [
    `/usr/local/lib/python${version}/dist-packages`,
    `/usr/lib/python${version.split('.')[0]}/dist-packages`,
    `/usr/lib/python${version}/dist-packages`,
  ]
  return [...users, ...(prefix === '/usr' ? debian : []), ...prefixSites(prefix, version)]
}

/** Distributions by name, those of editable installs (directories named by `.pth` files) last. */
function installed(tree: FileTree, sites: readonly string[]): readonly PythonDistribution[] {
  const editable = sites.flatMap((site) =>
    pathFiles(tree, site).flatMap(({ targets }) => targets.map((target) => target.path)),
  )
  const out = new Map<string, PythonDistribution>()
  for (const site of [...sites, ...editable])
    for (const one of distributionsIn(tree, site)) if (!out.has(one.key)) out.set(one.key, one)
  return [...out.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}
