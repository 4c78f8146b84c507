import { kindOfPackage, type Package } from '../../analysis/index.ts'
import { isForPeople, parseShell } from '../../shell/index.ts'
import { linesAbove, scriptOf } from '../history.ts'
import { type Side, targetOf } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { installedBy } from './installs.ts'

export type SystemPackages = {
  readonly examined: number
  readonly failures: readonly Evidence[]
  readonly notExercised: readonly string[]
}

/** Kinds that build, explain or debug: the reason to leave a package behind. */
const leftBehind: ReadonlySet<string> = new Set([
  'tool',
  'headers',
  'tool-library',
  'vcs',
  'debug',
  'docs',
])

/**
 * System packages that fat's Dockerfile installs by name above its base. The author wanted them: one that builds
 * nothing must be in lean, unless a line of the build itself used its programs; then nobody can tell, and it is said.
 */
export function namedSystemPackages(fat: Side, lean: Side): SystemPackages {
  const lines = linesAbove(fat)
  const [before, after] = [fat.packages(), lean.packages()]
  const failures: Evidence[] = []
  const notExercised: string[] = []
  const named = new Set(lines.flatMap(installedBy).map((name) => name.replace(/:\w+$/, '')))
  const wanted = [...named].flatMap((name) => before?.packages.get(name) ?? [])
  const called = lines.flatMap(commandsIn)
  const used = new Set([...called, ...called.flatMap((name) => runsOn.get(name) ?? [])])
  for (const one of wanted.filter((found) => !leftBehind.has(kindOfPackage(found)))) {
    if (after?.packages.has(one.name)) continue
    if (isForPeople(one.name))
      notExercised.push(
        `P4: ${one.name} is installed in fat and not in lean; it is for who works in the container`,
      )
    else if (isUsedByBuild(one, used) || isForUnusedPython(one, fat) || isForNodeGyp(one, fat))
      notExercised.push(
        `P4: ${one.name} is installed in fat and not in lean; the build used it, whether the app does is open`,
      )
    else
      failures.push({
        message: `the package ${one.name} ${one.version}, which fat installs by name, is missing in lean`,
        subject: one.name,
        package: one.name,
        fat: one.version,
        lean: 'absent',
        missing: { kind: 'package', name: one.name },
      })
  }
  for (const one of wanted.filter(({ name }) => after?.packages.has(name) === true))
    failures.push(...missingRecommended(one, fat, lean))
  return { examined: wanted.length, failures, notExercised }
}

/**
 * What a named package recommends, was installed with it and is not in lean, where nothing else satisfies the clause:
 * dictionaries, delegates and plug-ins come that way, and are missed in the request that needs them.
 */
function missingRecommended(
  { name, recommends = [] }: Package,
  fat: Side,
  lean: Side,
): readonly Evidence[] {
  const [before, after] = [fat, lean].map(({ packages }) => [
    ...(packages()?.packages.values() ?? []),
  ])
  const satisfies = (one: Package, wanted: string): boolean =>
    one.name === wanted || one.provides.includes(wanted)
  return recommends.flatMap((clause): readonly Evidence[] => {
    const found = before?.find((one) => clause.some((wanted) => satisfies(one, wanted)))
    const there = after?.some((one) => clause.some((wanted) => satisfies(one, wanted)))
    if (!found || there || leftBehind.has(kindOfPackage(found)) || isForPeople(found.name))
      return []
    if (!isAboveBase(found, fat)) return []
    return [
      {
        message: `the package ${found.name} ${found.version}, which ${name} recommends and fat has with it, is missing in lean`,
        subject: found.name,
        package: found.name,
        fat: found.version,
        lean: 'absent',
        missing: { kind: 'package', name: found.name },
      },
    ]
  })
}

/** The package came with a line of the Dockerfile; files of documentation may be absent. */
function isAboveBase({ files }: Package, { tree, subject }: Side): boolean {
  const layers = files.flatMap((path) => tree.lookup(path)?.layer ?? [])
  return layers.length > 0 && layers.every((layer) => layer >= subject.baseLayers)
}

/** The program that runs a tool of a scripting language, by the tool's name. */
const runsOn: ReadonlyMap<string, readonly string[]> = new Map(
  ['npm', 'npx', 'yarn', 'pnpm', 'pnpx', 'corepack'].map((tool) => [tool, ['node', 'nodejs']]),
)

/** Names of the programs that a history line runs. */
function commandsIn(line: string): readonly string[] {
  const script = scriptOf(line)
  if (script === undefined) return []
  return parseShell(script).commands.flatMap(({ name }) => baseName(name ?? ''))
}

function isUsedByBuild({ files }: Package, used: ReadonlySet<string>): boolean {
  return files.some((path) => /\/s?bin\/[^/]+$/.test(path) && used.has(baseName(path)))
}

/** Modules of Debian's own Python, when the app's programs run on another one. */
function isForUnusedPython({ name }: Package, fat: Side): boolean {
  if (!/^python3?-/.test(name)) return false
  const started = fat
    .programs()
    .map(({ path }) => (path === undefined ? undefined : targetOf(fat.tree, path)?.path))
  return (
    started.some((path) => /^\/usr\/local\/.*python/.test(path ?? '')) &&
    !started.some((path) => /^\/usr\/bin\/python/.test(path ?? ''))
  )
}

/** Python, where an addon of Node was compiled above the base and the image starts no Python: node-gyp needs it. */
function isForNodeGyp({ name }: Package, fat: Side): boolean {
  if (!/^python(?:2|3|-is-python3|3-minimal|3-setuptools|3-distutils)?$/.test(name)) return false
  const compiled = fat
    .nodeModules()
    .packages.some(({ natives }) =>
      natives.some((path) => /\/(?:build\/Release|lib\/binding)\//.test(path)),
    )
  return (
    compiled && !fat.programs().some(({ name: started }) => /(?:^|\/)python[\d.]*$/.test(started))
  )
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
