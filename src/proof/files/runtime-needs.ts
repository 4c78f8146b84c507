import {
  compilers,
  compilesWhenRun,
  findProgram,
  foreignLibraries,
  knownNeeds,
  librariesOf,
  type PythonDistribution,
  readElfAt,
} from '../../analysis/index.ts'
import { entryAt, ownerName, type Side, targetOf } from '../side.ts'
import type { Evidence, Missing } from '../verdict.ts'
import { appSources } from './imports.ts'

/** What no ELF file says: libraries opened by name, programs started by libraries, data read by path. */
export type RuntimeNeeds = {
  readonly examined: number
  readonly failures: readonly Evidence[]
  /** Data that fat has and lean lacks; libraries have defaults for most of it, so it is named and does not fail. */
  readonly notExercised: readonly string[]
}

/**
 * Libraries and programs that the project's distributions are known to open at run time, and libraries that Python
 * sources name for ctypes or cffi: those that fat has must be in lean. A name that is only built at run time is not seen.
 */
export function missingRuntimeNeeds(fat: Side, lean: Side): RuntimeNeeds {
  const distributions = ownDistributions(fat)
  const before = librariesOf(fat.tree)
  const after = librariesOf(lean.tree)
  const failures: Evidence[] = []
  const notExercised: string[] = []
  let examined = 0
  for (const { distribution, libraries, programs, data } of knownNeeds(distributions)) {
    for (const name of libraries) {
      const stem = name.replace(/^lib/, '')
      const found = before.byStem(stem)
      if (found === undefined) continue
      examined += 1
      if (after.byStem(stem) === undefined) failures.push(library(found, distribution, fat))
    }
    for (const name of programs) {
      const found = findProgram(fat.tree, fat.subject.config, name)
      if (found === undefined) continue
      examined += 1
      if (!findProgram(lean.tree, lean.subject.config, name))
        failures.push(program(name, found, distribution, fat))
    }
    for (const path of data.filter((one) => targetOf(fat.tree, one) && !targetOf(lean.tree, one)))
      notExercised.push(`P3: ${distribution} may read ${path}, which fat has and lean does not`)
  }
  const foreign = foreignLibraries(fat.tree, sourcesOf(distributions, fat))
  for (const { from, name, call, found } of foreign) {
    if (found === undefined) continue
    examined += 1
    const there = foreignThere(name, call, after, lean)
    if (!there) failures.push(library(found, from, fat))
  }
  const compiling = missingCompiler(distributions, fat, lean)
  return {
    examined: examined + compiling.examined,
    failures: [...failures, ...compiling.failures],
    notExercised,
  }
}

/** Fat can compile while it runs, something in it is known to, and lean has no compiler. */
function missingCompiler(
  distributions: readonly PythonDistribution[],
  fat: Side,
  lean: Side,
): Pick<RuntimeNeeds, 'examined' | 'failures'> {
  const found = compilers.find((name) => findProgram(fat.tree, fat.subject.config, name))
  if (found === undefined) return { examined: 0, failures: [] }
  const known = knownNeeds(distributions)
    .filter(({ compiler }) => compiler)
    .map(({ distribution }) => distribution)
  const called = [...appSources(fat)].flatMap(({ path, text }) => {
    const what = isBuildFile(path) ? undefined : compilesWhenRun(text)
    return what === undefined ? [] : [`${what} in ${path}`]
  })
  const users = [...known, ...called]
  const there = compilers.some((name) => findProgram(lean.tree, lean.subject.config, name))
  const path = findProgram(fat.tree, fat.subject.config, found) ?? found
  const failures = users.map((by) =>
    absent(`${found} <- ${by} (compiles at run time)`, found, path, fat, (owner) => ({
      kind: 'program',
      name: found,
      ...owner,
    })),
  )
  return { examined: users.length, failures: there ? [] : failures }
}

/** What builds the project itself calls compilers, and does not run. */
function isBuildFile(path: string): boolean {
  return /\/(?:setup|build|conftest|\w*_build|build_\w+|hatch_build)\.py$|\/tests?\//.test(path)
}

/** What the project installed: the distributions above fat's base. */
function ownDistributions(fat: Side): readonly PythonDistribution[] {
  return fat
    .environments()
    .flatMap(({ distributions }) => distributions)
    .filter(({ path }) => {
      const entry = entryAt(fat.tree, `${path}/METADATA`) ?? entryAt(fat.tree, path)
      return entry !== undefined && entry.layer >= fat.subject.baseLayers
    })
}

function sourcesOf(distributions: readonly PythonDistribution[], fat: Side): readonly string[] {
  const installed = distributions.flatMap(({ files }) => files)
  return [...installed, ...[...appSources(fat)].map(({ path }) => path)]
}

function foreignThere(
  name: string,
  call: 'find_library' | 'open',
  after: ReturnType<typeof librariesOf>,
  lean: Side,
): boolean {
  if (name.startsWith('/')) return targetOf(lean.tree, name) !== undefined
  if (call === 'find_library' || !name.includes('.so')) return after.byStem(name) !== undefined
  return after.byName(name) !== undefined
}

function library(found: string, neededBy: string, fat: Side): Evidence {
  const soname = readElfAt(fat.tree, found)?.soname ?? found.slice(found.lastIndexOf('/') + 1)
  return absent(`${soname} <- ${neededBy} (opened at run time)`, soname, found, fat, (owner) => ({
    kind: 'library',
    soname,
    neededBy,
    ...owner,
  }))
}

function program(name: string, found: string, neededBy: string, fat: Side): Evidence {
  return absent(`${name} <- ${neededBy} (started at run time)`, name, found, fat, (owner) => ({
    kind: 'program',
    name,
    ...owner,
  }))
}

function absent(
  message: string,
  subject: string,
  found: string,
  fat: Side,
  missing: (owner: { readonly package?: string }) => Missing,
): Evidence {
  const name = ownerName(fat, found)
  const owner = name === undefined ? {} : { package: name }
  return { message, subject, ...owner, fat: found, lean: 'not found', missing: missing(owner) }
}
