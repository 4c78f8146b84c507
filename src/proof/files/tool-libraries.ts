import { isBuildPackage, kindOfPackage, linkClosure } from '../../analysis/index.ts'
import type { Side } from '../side.ts'
import { appTexts } from './imports.ts'

/**
 * Tells libraries that only build tools loaded: one that ran links them, every package that depends on theirs builds
 * software or is such a library itself, and neither a source of the app nor of a Python package says their name.
 * (Python's `ctypes.util.find_library` runs the compiler and the linker when there are any, and does as well without.)
 * @param executed programs that the image ran
 */
export function loadedByTools(fat: Side, executed: readonly string[]): (path: string) => boolean {
  const ownerOf = fat.packages()?.ownerOf
  const tools = executed.filter((path) => {
    const owner = ownerOf?.(path)
    return owner !== undefined && isBuildPackage(owner)
  })
  if (tools.length === 0) return () => false
  const linked = new Set(linkClosure(fat.tree, tools, { env: fat.env }).elves.keys())
  return (path) => {
    const owner = linked.has(path) ? ownerOf?.(path) : undefined
    return owner !== undefined && servesTools(fat, owner.name) && !isNamed(fat, path)
  }
}

/** True when nothing but build packages asks for the package, itself or through others of its kind. */
function servesTools(fat: Side, name: string): boolean {
  const all = [...(fat.packages()?.packages.values() ?? [])]
  const seen = new Set([name])
  for (const one of seen)
    for (const other of all) {
      if (!other.depends.some((clause) => clause.includes(one)) || isBuildPackage(other)) continue
      if (kindOfPackage(other) !== 'tool-library') return false
      seen.add(other.name)
    }
  return true
}

/** `libjansson.so.4` is loaded by hand as `jansson`. */
function isNamed(fat: Side, path: string): boolean {
  const [, stem = path] = /\/lib([^/]+?)(?:-[\d.]+)?\.so\b[^/]*$/.exec(path) ?? []
  const pattern = new RegExp(`(?<![A-Za-z])(?:lib)?${stem.replace(/\W/g, '\\$&')}(?![A-Za-z])`)
  return (
    appTexts(fat).some(({ text }) => pattern.test(text)) ||
    fat
      .environments()
      .flatMap(({ distributions }) => distributions.flatMap(({ files }) => files))
      .some((file) => file.endsWith('.py') && pattern.test(textOf(fat, file)))
  )
}

function textOf({ tree }: Side, path: string): string {
  const entry = tree.lookup(path)
  return entry?.kind === 'file' ? new TextDecoder().decode(tree.read(path)) : ''
}
