import { archiveContains, classesContain, librariesInJar } from '../../analysis/index.ts'
import type { TreeEntry } from '../../image/index.ts'
import { entryAt, type Side, targetOf } from '../side.ts'
import { compiles } from './compiled.ts'
import { sameContent } from './content.ts'

/** Below the folder of a pom.xml or a Gradle build: what the build packs into the jar, and what it packs it from. */
const packed = /^(.*)\/(?:src|target\/classes|build\/(?:classes|resources|scripts))(?:\/|$)/

/**
 * Sources, resources and classes that Maven or Gradle packed into a jar that the image starts by `-jar`. A command line
 * that names the classes, or a class that names a path in `src`, still reads them.
 */
export function packedAway(entry: TreeEntry, side: Side): string | undefined {
  const { path } = entry
  if (compiles(side, 'Java') && isCopied(entry, side)) return 'copied to the classes by the build'
  if (isLeftBuild(path, side)) return 'where Java was built, which nothing that is started lies in'
  if (isModuleCopy(entry, side)) return 'a module, of which the class path has a copy'
  const root = packed.exec(path)?.[1]
  if (root === undefined || !compiles(side, 'Java')) return undefined
  const isProject = ['pom.xml', 'build.gradle', 'build.gradle.kts'].some((name) =>
    entryAt(side.tree, `${root}/${name}`),
  )
  const jars = isProject ? startedJars(side) : []
  if (jars.length === 0 || readsSources(side)) return undefined
  return 'packed into the jar that the image starts'
}

/**
 * In the folder of a build file when the image works somewhere else, starts nothing of it, and neither its settings nor
 * a class of the app name it.
 */
function isLeftBuild(path: string, side: Side): boolean {
  if (!compiles(side, 'Java')) return false
  const root = buildFolders(side).find((dir) => path.startsWith(`${dir}/`))
  return root !== undefined
}

const folders = new WeakMap<Side, readonly string[]>()

function buildFolders(side: Side): readonly string[] {
  const known = folders.get(side)
  if (known) return known
  const { WorkingDir = '/' } = side.config
  const programs = side.programs()
  const used = [
    WorkingDir,
    ...programs.flatMap((one) => [one.path ?? '', ...one.files]),
    ...side.env.flatMap((line) => line.slice(line.indexOf('=') + 1).split(':')),
  ]
  const words = programs.flatMap((one) => one.arguments)
  const found = side
    .ownEntries()
    .filter(
      ({ path, kind }) => kind === 'file' && /\/(?:pom\.xml|build\.gradle(?:\.kts)?)$/.test(path),
    )
    .map(({ path }) => path.slice(0, path.lastIndexOf('/')))
    .filter((dir) => dir !== '' && !used.some((one) => `${one}/`.startsWith(`${dir}/`)))
    .filter((dir) => !words.some((word) => word === undefined || word.includes(dir)))
    .filter((dir) => !isNamedInClasses(dir, side))
  folders.set(side, found)
  return found
}

function isNamedInClasses(dir: string, side: Side): boolean {
  return side
    .ownEntries()
    .filter(({ path, kind }) => kind === 'file' && !path.startsWith(`${dir}/`))
    .some((entry) =>
      /\.[jw]ar$/.test(entry.path)
        ? archiveContains({ tree: side.tree, entry }, `${dir}/`)
        : /\.(?:class|properties|ya?ml|json|xml|sh)$/.test(entry.path) &&
          Buffer.from(side.tree.read(entry.path)).includes(`${dir}/`),
    )
}

/** The jar of a module where the build made it: the one that is started has it inside, or another folder has it, too. */
function isModuleCopy(entry: TreeEntry, side: Side): boolean {
  const { path, kind, size } = entry
  const [, name] = /\/(?:target|build\/libs)\/([^/]+\.jar)$/.exec(path) ?? []
  const jars = startedJars(side)
  if (kind !== 'file' || name === undefined || jars.some((jar) => jar.path === path)) return false
  const inside = jars
    .flatMap((jar) => librariesInJar(side.tree, jar))
    .some((one) => one.path.endsWith(`/${name}`))
  return (
    inside ||
    side
      .ownEntries()
      .some(
        (other) =>
          other.kind === 'file' &&
          other.path !== path &&
          other.size === size &&
          /\/(?:libs?|dependency|dependencies|dependency-jars)\/[^/]+$/.test(other.path) &&
          other.path.endsWith(`/${name}`) &&
          sameContent({ tree: side.tree, entry }, { tree: side.tree, entry: other }),
      )
  )
}

/** A resource that lies unchanged among the classes as well, where the class path finds it. */
function isCopied(entry: TreeEntry, { tree }: Side): boolean {
  const { path, kind, size } = entry
  const [, root, rest] = /^(.*)\/src\/main\/resources\/(.+)$/.exec(path) ?? []
  if (kind !== 'file' || rest === undefined) return false
  const copies = [`${root}/target/classes/${rest}`, `${root}/build/resources/main/${rest}`]
  return copies.some((copy) => {
    const other = tree.lookup(copy)
    return (
      other?.kind === 'file' &&
      other.size === size &&
      sameContent({ tree, entry }, { tree, entry: other })
    )
  })
}

/** The start script that Gradle's `installDist` writes: its words are of variables, its class path is `lib`. */
const distribution = /^(.*\/install\/[^/]+)\/bin\/[^/]+$/

/** Jars after `-jar` on a command line of `java`, and those of a distribution whose start script is run. */
function startedJars(side: Side): readonly TreeEntry[] {
  return side.programs().flatMap(({ name, path, arguments: words, files }) => {
    const lib = distribution.exec(path ?? '')?.[1]
    // The project's own jars: those of others say nothing of its sources.
    const own = lib?.replace(/\/install\/[^/]+$/, '/libs')
    if (lib !== undefined)
      return side.tree
        .readdir(`${lib}/lib`)
        .filter((one) => one.endsWith('.jar') && entryAt(side.tree, `${own}/${one}`) !== undefined)
        .flatMap((one) => entryAt(side.tree, `${lib}/lib/${one}`) ?? [])
    if (!/(?:^|\/)java$/.test(name) || !words.includes('-jar')) return []
    return files
      .filter((file) => /\.[jw]ar$/.test(file))
      .flatMap((file) => entryAt(side.tree, file) ?? [])
  })
}

function isOfPackage(path: string, side: Side): boolean {
  return side.packages()?.ownerOf(targetOf(side.tree, path)?.path ?? path) !== undefined
}

const answers = new WeakMap<Side, boolean>()

function readsSources(side: Side): boolean {
  const known = answers.get(side)
  if (known !== undefined) return known
  // The class path of `java -jar` is in the jar; what is only known at run time are options.
  const words = side
    .programs()
    .filter(({ path, script }) => !distribution.test(script ?? path ?? ''))
    // A script of the system (`which`, `egrep`) knows only what it is given, and that is judged where it is called.
    .filter(({ script }) => script === undefined || !isOfPackage(script, side))
    .flatMap(({ arguments: all }) =>
      all.includes('-jar') ? all.filter((one) => one !== undefined) : all,
    )
  const found =
    words.some(
      (word) => word === undefined || /(?:^|[:/])(?:classes|src|resources)(?:[:/]|$)/.test(word),
    ) ||
    startedJars(side).some((jar) =>
      ['src/', 'target/classes'].some((text) => classesContain(side.tree, jar, text)),
    )
  answers.set(side, found)
  return found
}
