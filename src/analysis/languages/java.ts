import type { TreeEntry } from '../../image/index.ts'
import { nameOf } from '../canonical.ts'
import { type JavaLibrary, librariesInJar } from '../java/index.ts'
import type { Package } from '../types.ts'
import { javaHomes, javaTools } from './java-homes.ts'
import { factOf, factsOf } from './rules.ts'
import type { Survey } from './survey.ts'
import type { Claim, LanguageFact, Reading } from './types.ts'

/** Java: runtimes and what of them only a compiler needs, Maven and Gradle, and every jar with what it is and holds. */
export function readJava(survey: Survey): Reading {
  const claims = [...javaHomes(survey), ...javaTools(survey)]
  const packages: Package[] = []
  const loose = new Map<string, Claim>()
  for (const jar of survey.marks('jar')) {
    if (jar.kind !== 'file' || claims.some(({ root }) => jar.path.startsWith(`${root}/`))) continue
    const libraries = librariesAt(survey, jar)
    if (!libraries) continue
    const owners = libraries.map((one) => packageOf(one, jar))
    packages.push(...owners)
    const fact = jarFact(survey, jar, owners)
    loose.set(jar.path, { root: jar.path, classify: () => fact })
  }
  return { claims, loose, packages }
}

/** @returns undefined for what is no archive, or cannot be read */
function librariesAt({ tree }: Survey, jar: TreeEntry): readonly JavaLibrary[] | undefined {
  try {
    const found = librariesInJar(tree, jar)
    return found.length > 0 ? found : undefined
  } catch {
    return undefined
  }
}

/** Libraries packed into a jar own no file: its bytes are counted once. */
function packageOf({ name, version, path }: JavaLibrary, jar: TreeEntry): Package {
  return {
    ...{ manager: 'maven', name, version, depends: [], provides: [] },
    files: path === jar.path ? [path] : [],
    path,
  }
}

const attachments: readonly (readonly [RegExp, LanguageFact['category'], string])[] = [
  [/-sources\.jar$/, 'dev-dependencies', 'sources of a library, for editors'],
  [/-javadoc\.jar$/, 'docs-and-locales', 'documentation of a library'],
  [/-tests\.jar$/, 'tests', 'tests of a library'],
]

function jarFact({ isStarted }: Survey, jar: TreeEntry, owners: readonly Package[]): LanguageFact {
  const name = nameOf(jar.path)
  const attached = attachments.find(([pattern]) => pattern.test(name))
  if (attached) return factOf(attached[1], jar.path, attached[2])
  const itself = owners.filter(({ path }) => path === jar.path)
  const inside = owners.length - itself.length
  if (inside > 0 || isStarted(jar.path))
    return { ...factOf('app', jar.path, `an archive with ${inside} libraries inside`) }
  const [only] = itself
  if (!only || itself.length > 1)
    return factOf('language-packages', jar.path, `${itself.length} libraries in one archive`)
  // Its own pom.properties names the group; a name alone comes from the file.
  const fact = factsOf(only, only.name.includes(':') ? 'its pom.properties' : 'its file name')()
  return only.name.includes(':') ? fact : { ...fact, confidence: 'B' }
}
