import { type FileTree, resolvePath, type TreeEntry } from '../../image/index.ts'
import { folded, parentOf } from '../canonical.ts'
import { readMember, zipMembers } from './zip.ts'

/**
 * Files that `Class-Path` in the manifest of a jar names, relative to its folder (JAR File Specification, "Class-Path
 * attribute"), absolute here; of those, the ones that exist.
 */
export function manifestClassPath(tree: FileTree, jar: TreeEntry): readonly string[] {
  const member = zipMembers(tree, jar)?.find(({ name }) => name === 'META-INF/MANIFEST.MF')
  const bytes = member && readMember(tree, jar, member)
  if (!bytes) return []
  // A line that begins with a space goes on with the one before it.
  const text = new TextDecoder().decode(bytes).replace(/\r?\n /g, '')
  const named = /^Class-Path:\s*(.*)$/m.exec(text)?.[1]?.trim() ?? ''
  return named
    .split(/\s+/)
    .filter((word) => word !== '' && !/^\w+:/.test(word))
    .map((word) => folded(`${parentOf(jar.path)}/${decoded(word)}`))
    .filter((path) => resolvePath(tree, path).entry !== undefined)
}

/** Entries are URLs: a space is `%20`. */
function decoded(word: string): string {
  try {
    return decodeURIComponent(word)
  } catch {
    return word
  }
}
