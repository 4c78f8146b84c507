import { nativeModulesOf, type PythonDistribution } from '../../analysis/index.ts'
import { appImports, onlyInstalled, tooling } from '../files/index.ts'
import { count, type Finding, type Rung, type RungInput, verdictOf } from '../rung.ts'
import { entryAt, type Side, targetOf } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { changedFiles, differentFiles } from './distribution-files.ts'
import { interpreterDifferences } from './interpreters.ts'
import { otherLanguages } from './languages.ts'
import { namedSystemPackages } from './system-packages.ts'

/** P4: the same packages of every language in the same versions, with the same native modules and files. */
export const dependenciesRung: Rung = {
  id: 'P4',
  title: 'Dependency sets equal',
  runs: false,
  examine: examineDependencies,
}

type Installed = ReadonlyMap<string, PythonDistribution>

type Sides = { readonly fat: Side; readonly lean: Side; readonly after: Installed }

function examineDependencies({ fat, lean }: RungInput): Finding {
  const system = namedSystemPackages(fat, lean)
  const others = otherLanguages(fat, lean)
  const elsewhere = others.reduce((sum, { examined }) => sum + examined, 0)
  const nothing =
    fat.environments().length + lean.environments().length + system.examined + elsewhere === 0
  if (nothing)
    return {
      status: 'skip',
      summary: 'no package is installed by name, and no language has a list of its packages',
      evidence: [],
      examined: 0,
      notExercised: [
        'P4: no Python environment, no node_modules, no gems, no jars, no program that says what it is made of',
      ],
    }
  const [before, after] = [installed(fat), installed(lean)]
  const failures: Evidence[] = [
    ...interpreterDifferences(fat, lean),
    ...system.failures,
    ...others.flatMap((one) => one.failures),
  ]
  const notes: Evidence[] = others.flatMap((one) => one.notes)
  let modules = 0
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const [a, b] = [before.get(key), after.get(key)]
    const excuse =
      a && b && a.version === b.version ? undefined : excuseFor(a, b, { fat, lean, after })
    if (!a || !b || a.version !== b.version) {
      const evidence = difference(a, b)
      if (excuse === undefined) failures.push(evidence)
      else notes.push({ message: `${evidence.message}: ${excuse}` })
      continue
    }
    modules += nativeModulesOf(a).length
    const inherited = isFromBase(a, fat) && isFromBase(b, lean)
    failures.push(...(inherited ? changedFiles : differentFiles)({ a, b, fat, lean }))
  }
  const named = system.examined === 0 ? '' : `; ${count(system.examined, 'system package')} named`
  const counted = [
    ...(before.size === 0 ? [] : [count(before.size, 'distribution')]),
    ...(modules === 0 ? [] : [count(modules, 'native module')]),
    ...others.flatMap((one) => (one.counted === '' ? [] : [one.counted])),
  ]
  return verdictOf({
    examined: before.size + system.examined + elsewhere,
    failures,
    notes,
    passed: `${counted.join(', ') || 'no package of a language'} equal${named}`,
    failed: `${count(failures.length, 'difference')}: ${failures[0]?.message ?? ''}`,
    nothing: 'no package of any language is installed in fat',
    notExercised: system.notExercised,
  })
}

/** By interpreter version and name: two environments may hold the same distribution in two versions. */
function installed(side: Side): Installed {
  return new Map(
    side
      .environments()
      .flatMap(({ version, prefix, distributions }) =>
        distributions.map((one) => [`${prefix} ${version} ${one.key}`, one] as const),
      ),
  )
}

/** Why a distribution may be missing, new or of another version; undefined when nothing excuses it. */
function excuseFor(
  a: PythonDistribution | undefined,
  b: PythonDistribution | undefined,
  { fat, lean, after }: Sides,
): string | undefined {
  const key = (a ?? b)?.key ?? ''
  if ((!a || isFromBase(a, fat)) && (!b || isFromBase(b, lean))) {
    if (b) return 'comes from the bases'
    const ofSystem = a !== undefined && isOfSystem(a, fat)
    if ((tooling.has(key) || ofSystem) && !isWanted(key, fat, after)) return 'comes from the bases'
    return undefined
  }
  if (a && !b && isOfUnusedSystem(a, fat)) return 'of a system Python that the app does not start'
  if (a && !b && onlyInstalled(fat).has(a))
    return 'installed other packages, and the app neither requires, imports nor starts it'
  if (!tooling.has(key)) return undefined
  if (b || !isWanted(key, fat, after)) return 'installs other packages, and nothing needs it to run'
  return undefined
}

/** Debian's own packages for Debian's own Python, when the app's programs run on another one. */
function isOfUnusedSystem(one: PythonDistribution, fat: Side): boolean {
  const { path } = one
  if (!isOfSystem(one, fat)) return false
  const started = new Set(
    fat.programs().flatMap((program) => {
      const real = program.path === undefined ? undefined : targetOf(fat.tree, program.path)
      return real ? [real.path] : []
    }),
  )
  const used = fat
    .environments()
    .filter(({ interpreter }) => started.has(targetOf(fat.tree, interpreter)?.path ?? ''))
  return (
    used.length > 0 &&
    !used.some(({ distributions }) => distributions.some((one) => one.path === path))
  )
}

function isOfSystem({ path }: PythonDistribution, { packages }: Side): boolean {
  const db = packages()
  return ['/METADATA', '/PKG-INFO', ''].some((name) => db?.ownerOf(path + name) !== undefined)
}

/** A distribution that stays requires it, or the app imports it. */
function isWanted(key: string, fat: Side, after: Installed): boolean {
  const modules =
    key === 'setuptools' ? ['setuptools', 'pkg_resources'] : [key.replaceAll('-', '_')]
  const required = [...after.values()].some(
    ({ requires, key: own }) => !tooling.has(own) && requires.includes(key),
  )
  return required || appImports(fat, modules)
}

function isFromBase({ path }: PythonDistribution, side: Side): boolean {
  const entry = entryAt(side.tree, `${path}/METADATA`) ?? entryAt(side.tree, path)
  return entry !== undefined && entry.layer < side.subject.baseLayers
}

function difference(
  a: PythonDistribution | undefined,
  b: PythonDistribution | undefined,
): Evidence {
  const name = (a ?? b)?.name ?? ''
  const evidence = { subject: name, fat: a?.version ?? 'absent', lean: b?.version ?? 'absent' }
  if (!a) return { message: `${name} ${b?.version} is in lean only`, ...evidence }
  const missing = { kind: 'distribution', name: a.name, version: a.version } as const
  if (!b) return { message: `${name} ${a.version} is missing in lean`, ...evidence, missing }
  return {
    message: `${name} is ${a.version} in fat and ${b.version} in lean`,
    ...evidence,
    missing,
  }
}
