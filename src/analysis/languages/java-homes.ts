import type { FileTree } from '../../image/index.ts'
import { nameOf, parentOf } from '../canonical.ts'
import { textAt } from '../text.ts'
import { factOf, wholeClaim } from './rules.ts'
import type { Survey } from './survey.ts'
import type { Claim } from './types.ts'

/** Programs that need a JDK around them, or are part of one. */
const developers =
  /^(?:java[ch]|javadoc|javap|jshell|jar|jarsigner|jlink|jmod|jpackage|jdeps|jdb|jcmd|jconsole|jhsdb|jinfo|jmap|jps|jstack|jstat|jstatd|serialver|mvnw?|mvnDebug|gradlew?|sbt|ant|kotlinc?|scalac?|groovyc?)$/

/** What a JRE has in `bin` as well. */
const runs =
  /^bin\/(?:java|jfr|jrunscript|jwebserver|keytool|kinit|klist|ktab|rmiregistry|rmid|orbd|pack200|unpack200|policytool|servertool|tnameserv|jjs)(?:\.\w+)?$/

/** Where only a compiler or a linker of modules looks (JEP 220, JEP 282). */
const forBuilds =
  /^(?:jmods|sample|demo|man)\/|^(?:lib\/)?src\.zip$|^lib\/(?:ct\.sym|tools\.jar|sa-jdi\.jar)$|^bin\//

/**
 * Java runtimes by the file `release` beside their library. When the image starts a tool of the JDK, or one that
 * compiles, all of it is runtime.
 */
export function javaHomes(survey: Survey): readonly Claim[] {
  const { tree, starts } = survey
  const isUsed = starts(developers)
  return survey.marks('java-release').flatMap(({ path, kind }): readonly Claim[] => {
    const root = parentOf(path)
    const isRuntime = ['lib/modules', 'lib/jrt-fs.jar', 'lib/rt.jar', 'jre/lib/rt.jar'].some(
      (one) => tree.lookup(`${root}/${one}`) !== undefined,
    )
    if (kind !== 'file' || !isRuntime || root === '/') return []
    const version = /^JAVA_VERSION="?([^"\n]+)/m.exec(textAt(tree, path, 65536) ?? '')?.[1]
    if (version === undefined) return []
    const what = `Java ${version}`
    const needed = factOf('runtime', what, 'by its release file')
    const tools = factOf('compilers', what, 'parts of a JDK that nothing at run time reads')
    const headers = factOf('headers', what, 'headers for native code')
    const symbols = factOf('debug-tools', what, 'debug symbols of the runtime')
    const classify: Claim['classify'] = (rest) => {
      if (/\.(?:debuginfo|diz)$/.test(rest)) return symbols
      if (isUsed) return needed
      if (rest.startsWith('include/')) return headers
      return forBuilds.test(rest) && !runs.test(rest) ? tools : needed
    }
    return [{ root, classify }]
  })
}

/** Maven and Gradle by their programs and their core libraries, and what they fetched. */
export function javaTools(survey: Survey): readonly Claim[] {
  const { tree, starts, marks } = survey
  const maven = marks('maven').flatMap(({ path }) =>
    installed(tree, path, /^maven-core-(\d.*)\.jar$/, 'Maven', starts(/^mvn(?:w|Debug)?$/)),
  )
  const gradle = marks('gradle').flatMap(({ path }) =>
    installed(
      tree,
      path,
      /^gradle-(?:core|launcher|wrapper-main)-(\d.*)\.jar$/,
      'Gradle',
      starts(/^gradlew?$/),
    ),
  )
  const homes = ['/root', ...tree.readdir('/home').map((name) => `/home/${name}`)]
  const caches = homes.flatMap((home) => [
    ...fetched(tree, `${home}/.m2/repository`, starts(/^mvn(?:w|Debug)?$/)),
    ...fetched(tree, `${home}/.gradle`, starts(/^gradlew?$/)),
  ])
  return [...maven, ...gradle, ...caches]
}

function installed(
  tree: FileTree,
  program: string,
  core: RegExp,
  name: string,
  isUsed: boolean,
): readonly Claim[] {
  const root = homeOf(program)
  if (root === undefined || tree.lookup(program)?.kind !== 'file') return []
  const found = tree.readdir(`${root}/lib`).map((one) => core.exec(one)?.[1])
  const version = found.find((one) => one !== undefined)
  if (version === undefined) return []
  const what = `${name} ${version}`
  return [
    wholeClaim(
      root,
      isUsed
        ? factOf('runtime', what, 'the image starts it')
        : factOf('compilers', what, 'builds, by its libraries'),
    ),
  ]
}

/** The directory above the directory of a program in `bin`; undefined when it lies elsewhere, or at the root. */
function homeOf(program: string): string | undefined {
  const bin = parentOf(program)
  const home = parentOf(bin)
  return nameOf(bin) === 'bin' && home !== '/' ? home : undefined
}

function fetched(tree: FileTree, root: string, isUsed: boolean): readonly Claim[] {
  if (tree.lookup(root)?.kind !== 'dir') return []
  return [
    wholeClaim(
      root,
      isUsed
        ? factOf('language-packages', root, 'what the image builds with when it starts')
        : factOf('package-caches', root, 'what a build fetched'),
    ),
  ]
}
