import {
  executablesOf,
  installerOnly,
  type PythonDistribution,
  type PythonEnvironment,
  topModulesOf,
} from '../../../analysis/index.ts'
import type { FileTree, ImageConfig } from '../../../image/index.ts'
import type { InstructionFacts, RunCommand } from '../../facts/index.ts'
import type { Recipe, Role } from '../../split/index.ts'
import type { PlanInput } from '../../types.ts'
import type { PythonEvidence } from './evidence.ts'
import { pipCommand } from './pip-command.ts'

const installers =
  /^(?:poetry|pipenv|pdm|uv|uvx|hatch|pip-sync|pip-compile|pipx|conda|mamba|micromamba|virtualenv|python-build|build|maturin|cython|f2py)$/

/** Django's commands that make files for the app, some with the help of build tools. */
const buildingScripts = /^(?:collectstatic|compilemessages|compress|makemessages|tailwind|webpack)$/

/**
 * The environment style: the builder installs by whatever means it did before, and the runtime copies the environment it
 * made (a virtual one, or site-packages with the programs beside it) to the same place. Works for every installer.
 */
export function environmentRecipe(
  { facts, fatTree: tree }: PlanInput,
  evidence: PythonEvidence,
): Required<Pick<Recipe, 'role' | 'whole' | 'keeps' | 'builderEnd'>> {
  const left = evidence.environments
    .filter(({ distributions }) =>
      distributions.some((one) => evidence.distributions.includes(one)),
    )
    .map((one) => ({ ...one, left: toUninstall(one, evidence, tree, facts) }))
  const kept = left.filter((one) => hasMore(one, evidence))
  const gone = new Set(
    left.flatMap((one) =>
      (kept.includes(one) ? one.left : one.distributions).flatMap(({ files }) => files),
    ),
  )
  return {
    role: roleOf,
    whole: kept.flatMap((one) => wholeOf(one)),
    keeps: (path) => !gone.has(path) && !isPipsOwn(path),
    builderEnd: kept.flatMap((one) => uninstallLines(one, facts.config)),
  }
}

/** True for pip and every other installer, and for what makes the environment they install to. */
export function installsPython(command: RunCommand): boolean {
  if (pipCommand(command) || installers.test(command.name)) return true
  if (command.inner.length > 0) return command.inner.every(installsOrNothing)
  const [, option, module = ''] = command.words.map((word) => word.value ?? '')
  return isPython(command) && option === '-m' && (module === 'venv' || installers.test(module))
}

function installsOrNothing(command: RunCommand): boolean {
  return (
    command.system !== null ||
    /^(?:set|cd|export|echo|true)$/.test(command.name) ||
    installsPython(command)
  )
}

function roleOf(command: RunCommand, _at: InstructionFacts): Role | null {
  if (command.inner.length > 0) return null
  if (pipCommand(command)?.kind === 'harmless') return { kind: 'upkeep', cache: false }
  if (installsPython(command)) return { kind: 'tool' }
  if (!isPython(command)) return null
  const [, ...words] = command.words.map((word) => word.value ?? word.text)
  const builds =
    /(?:^|\/)setup\.py$/.test(words[0] ?? '') || words.some((one) => buildingScripts.test(one))
  return builds ? { kind: 'tool' } : null
}

function isPython({ name }: RunCommand): boolean {
  return /^(?:python|pypy)[\d.]*$|^manage\.py$|^django-admin$/.test(name)
}

/** False for an environment that holds nothing but installers: it is not copied at all. */
function hasMore(
  { distributions, left }: PythonEnvironment & { readonly left: readonly PythonDistribution[] },
  evidence: PythonEvidence,
): boolean {
  return distributions.some(
    (one) =>
      evidence.distributions.includes(one) &&
      !left.includes(one) &&
      !/^(?:pip|setuptools|wheel)$/.test(one.key),
  )
}

/** A virtual environment goes as one; of the base's own, what packages are installed to. */
function wholeOf({ prefix, sitePackages }: PythonEnvironment): readonly string[] {
  return isSystem(prefix) ? sitePackages : [prefix]
}

function isSystem(prefix: string): boolean {
  return prefix === '/usr' || prefix === '/usr/local'
}

/** pip's programs are in the lean base, in its own version. */
function isPipsOwn(path: string): boolean {
  return /^\/usr\/local\/bin\/(?:pip|wheel|easy_install)[\d.]*$/.test(path)
}

function toUninstall(
  { distributions }: PythonEnvironment,
  evidence: PythonEvidence,
  tree: FileTree,
  { config, context }: PlanInput['facts'],
): readonly PythonDistribution[] {
  const started = new Set(executablesOf(config, tree).map(({ path }) => path))
  const sources = evidence.sources.map((path) => new TextDecoder().decode(tree.read(path)))
  const declared = ['requirements.txt', 'pyproject.toml', 'Pipfile', 'setup.cfg', 'setup.py']
    .map((file) => context.readText(file) ?? '')
    .map((text) => text.replace(/\[build-system\][^[]*/, ''))
  const isUsed = (one: PythonDistribution): boolean =>
    one.files.some((file) => started.has(file)) ||
    sources.some((text) => imports(text, topModulesOf(one))) ||
    declared.some((text) => requires(text, one.key))
  const own = distributions.filter((one) => evidence.distributions.includes(one))
  return installerOnly(own, isUsed)
}

function imports(text: string, modules: ReadonlySet<string>): boolean {
  return new RegExp(`^\\s*(?:import|from)\\s+(?:${[...modules].join('|')})\\b`, 'm').test(text)
}

/** A line or a string that begins with the name and ends there, or goes on with a version. */
function requires(text: string, key: string): boolean {
  const name = key.replaceAll('-', '[-_.]')
  return new RegExp(`^\\s*["']?${name}["']?\\s*(?:$|[=<>~!;@[,"'])`, 'im').test(text)
}

/** Only installed packages, so the builder takes them out again before the runtime copies what is left. */
function uninstallLines(
  {
    interpreter,
    prefix,
    left,
  }: PythonEnvironment & { readonly left: readonly PythonDistribution[] },
  { config }: ImageConfig,
): readonly string[] {
  if (left.length === 0) return []
  const names = left.map((one) => one.name).sort((a, b) => (a < b ? -1 : 1))
  const pip = isSystem(prefix) ? 'pip' : `${interpreter} -m pip`
  const user = config.User === undefined || config.User === '' || config.User === 'root'
  return [
    ...(user ? [] : ['USER root']),
    `# They install packages, and the app does not use them\nRUN ${pip} uninstall -y ${names.join(' ')}`,
  ]
}
