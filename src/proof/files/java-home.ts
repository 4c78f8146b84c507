import { readResolved } from '../../image/index.ts'
import { entryAt, type Side } from '../side.ts'

/** Where images keep a JVM: JAVA_HOME, and the places of the official ones. */
const places = ['/opt/java/openjdk', '/usr/lib/jvm/default-jvm', '/opt/java', '/opt/jdk']

type JavaHome = { readonly path: string; readonly release: string }

const known = new WeakMap<Side, readonly JavaHome[]>()

/** JVMs of a side, with the feature release that their file `release` says. */
function homesOf(side: Side): readonly JavaHome[] {
  const before = known.get(side)
  if (before) return before
  const named = side.env.flatMap((line) => /^JAVA_HOME=(\/.+?)\/*$/.exec(line)?.[1] ?? [])
  const found = [...new Set([...named, ...places])].flatMap((path): readonly JavaHome[] => {
    const bytes = readResolved(side.tree, `${path}/release`)
    const text = bytes ? new TextDecoder().decode(bytes) : ''
    const release = /^JAVA_VERSION="?(?:1\.)?(\d+)/m.exec(text)?.[1]
    return release !== undefined && entryAt(side.tree, `${path}/bin/java`)
      ? [{ path, release }]
      : []
  })
  known.set(side, found)
  return found
}

/**
 * True for a file of the JDK that fat's base brings, when lean has a JVM of the same release: the base's JRE has fewer
 * modules and tools by design, and what the app needs of them shows when it runs.
 */
export function isReplacedJava(path: string, fat: Side, lean: Side): boolean {
  const home = homesOf(fat).find((one) => path === one.path || path.startsWith(`${one.path}/`))
  if (!home) return false
  const entry = entryAt(fat.tree, path)
  if (entry && entry.layer >= fat.subject.baseLayers) return false
  return homesOf(lean).some(({ release }) => release === home.release)
}
