import type { FileTree, TreeEntry } from '../../image/index.ts'
import { nameOf } from '../canonical.ts'
import { type Readable, readMember, type ZipMember, zipMembers } from './zip.ts'

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

/** An archive, and where it is read from. */
export type Archive = {
  readonly tree: Readable
  readonly entry: Pick<TreeEntry, 'path' | 'size'>
}

/** True when two archives hold the same members: names, sizes and checksums, as `differentMember` compares them. */
export function sameArchive(a: Archive, b: Archive): boolean {
  const left = zipMembers(a.tree, a.entry)
  return left !== undefined && left.length > 0 && differentMember(a, b) === undefined
}

/**
 * The first member that is not in both archives alike, by the tables of contents: names, sizes and checksums. What
 * tells of the build itself is compared without its comments and without the lines that name a time, a tool or a user;
 * archives inside are compared in the same way. A file that is no archive differs in the member ``.
 */
export function differentMember(a: Archive, b: Archive): string | undefined {
  const [left, right] = [a, b].map(({ tree, entry }) => zipMembers(tree, entry))
  if (!left || !right) return ''
  const theirs = new Map(right.map((one) => [one.name, one]))
  const different = left.find((one) => !sameMember(a, one, b, theirs.get(one.name)))
  if (different) return different.name
  const mine = new Set(left.map(({ name }) => name))
  return right.find(({ name }) => !mine.has(name))?.name
}

function sameMember(a: Archive, one: ZipMember, b: Archive, other: ZipMember | undefined): boolean {
  if (!other) return false
  if (other.crc === one.crc && other.size === one.size) return true
  if (/\.[jw]ar$/.test(one.name)) {
    const [left, right] = [inside(a, one), inside(b, other)]
    return left !== undefined && right !== undefined && sameArchive(left, right)
  }
  return aboutBuild.test(one.name) && withoutBuild(a, one) === withoutBuild(b, other)
}

/** A member as an archive of its own. */
function inside({ tree, entry }: Archive, member: ZipMember): Archive | undefined {
  const bytes = readMember(tree, entry, member)
  if (!bytes) return undefined
  const read: Readable['read'] = (_, part) =>
    part ? bytes.subarray(part.offset, part.offset + part.length) : bytes
  return { tree: { read }, entry: { path: `${entry.path}!/${member.name}`, size: bytes.length } }
}

function withoutBuild({ tree, entry }: Archive, member: ZipMember): string {
  return new TextDecoder()
    .decode(readMember(tree, entry, member))
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

/**
 * True when a class or a setting of the archive contains the text, those of archives inside it as well.
 * Reads every one of them: for texts that are rarely asked for.
 */
export function archiveContains({ tree, entry }: Archive, text: string): boolean {
  return (zipMembers(tree, entry) ?? []).some((member) => {
    if (/\.[jw]ar$/.test(member.name)) {
      const inner = inside({ tree, entry }, member)
      return inner !== undefined && archiveContains(inner, text)
    }
    if (!/\.(?:class|properties|ya?ml|json|xml|sh)$/.test(member.name)) return false
    const bytes = readMember(tree, entry, member)
    return bytes !== undefined && Buffer.from(bytes).includes(text)
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
