import type { FileTree, TreeEntry } from '../../image/index.ts'
import { nameOf } from '../canonical.ts'
import { readMember, type ZipMember, zipMembers } from './zip.ts'

/** A Java library: its file name without version, or the Maven coordinates that the jar itself carries. */
export type JavaLibrary = {
  /** `group:artifact` where the jar says so, else the name of the file without its version. */
  readonly name: string
  readonly version: string
  /** The jar, or `outer.jar!/BOOT-INF/lib/inner.jar`. */
  readonly path: string
}

/**
 * The libraries in one jar: itself by its `pom.properties`, and the jars inside it (Spring Boot, WAR) by their names.
 * @returns empty when it is no readable archive
 */
export function librariesInJar(tree: FileTree, jar: TreeEntry): readonly JavaLibrary[] {
  const members = zipMembers(tree, jar) ?? []
  const own = members
    .filter(({ name }) => /^META-INF\/maven\/[^/]+\/[^/]+\/pom\.properties$/.test(name))
    .map((member) => coordinates(tree, jar, member))
    .filter((found) => found !== undefined)
  const inner = members
    .filter(({ name }) => /^(?:BOOT-INF|WEB-INF)\/lib\/[^/]+\.jar$/.test(name))
    .map(({ name }) => ({ ...named(nameOf(name)), path: `${jar.path}!/${name}` }))
  const itself =
    own.length === 0 && members.length > 0 ? [{ ...named(nameOf(jar.path)), path: jar.path }] : own
  return [...itself, ...inner]
}

/** Members that tools write the time and the machine of the build into. */
const aboutBuild = /^META-INF\/(?:MANIFEST\.MF|maven\/.*\/pom\.properties|build-info\.properties)$/

/**
 * True when two archives hold the same members: names, sizes and checksums. What tells of the build itself is compared
 * without its comments and without the lines that name a time, a tool or a user.
 */
export function sameArchive(
  a: { readonly tree: FileTree; readonly entry: TreeEntry },
  b: { readonly tree: FileTree; readonly entry: TreeEntry },
): boolean {
  const [left, right] = [a, b].map(({ tree, entry }) => zipMembers(tree, entry))
  if (!left || !right || left.length === 0 || left.length !== right.length) return false
  const theirs = new Map(right.map((one) => [one.name, one]))
  return left.every((one) => {
    const other = theirs.get(one.name)
    if (other?.crc === one.crc && other.size === one.size) return true
    if (!other || !aboutBuild.test(one.name)) return false
    return withoutBuild(a.tree, a.entry, one) === withoutBuild(b.tree, b.entry, other)
  })
}

function withoutBuild(tree: FileTree, jar: TreeEntry, member: ZipMember): string {
  return new TextDecoder()
    .decode(readMember(tree, jar, member))
    .split(/\r?\n/)
    .filter(
      (line) =>
        !/^(?:#|(?:Built-By|Build-Jdk[\w-]*|Build-Time|Created-By|Bnd-LastModified|build\.time)\b)/.test(
          line,
        ),
    )
    .join('\n')
}

/** True when a class or a setting of the jar itself (not of a jar inside it) contains the text, e.g. a path that it opens. */
export function classesContain(tree: FileTree, jar: TreeEntry, text: string): boolean {
  return (zipMembers(tree, jar) ?? [])
    .filter(
      ({ name }) =>
        /\.(?:class|properties|ya?ml|json|xml)$/.test(name) && !name.startsWith('META-INF/maven/'),
    )
    .some((member) => {
      const bytes = readMember(tree, jar, member)
      return (
        bytes !== undefined &&
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text)
      )
    })
}

function coordinates(tree: FileTree, jar: TreeEntry, member: ZipMember): JavaLibrary | undefined {
  const bytes = readMember(tree, jar, member)
  if (!bytes) return undefined
  const text = new TextDecoder().decode(bytes)
  const field = (key: string): string =>
    new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1]?.trim() ?? ''
  const [group, artifact, version] = ['groupId', 'artifactId', 'version'].map(field)
  return artifact
    ? { name: `${group}:${artifact}`, version: version ?? '', path: jar.path }
    : undefined
}

/** `jackson-core` and `2.15.2` of `jackson-core-2.15.2.jar`. */
function named(file: string): { readonly name: string; readonly version: string } {
  const match = /^(.+?)-(\d[\w.+-]*)\.[jw]ar$/.exec(file)
  return { name: match?.[1] ?? file.replace(/\.[jw]ar$/, ''), version: match?.[2] ?? '' }
}
