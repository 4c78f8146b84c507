import type { FileTree } from '../../image/index.ts'
import { parentOf, realFile } from '../canonical.ts'
import { textAt } from '../text.ts'

/**
 * The modules of the runtime that a `java` belongs to: the line `MODULES` of the file `release` beside its `bin`. A
 * runtime that jlink made has only those it was told of.
 * @returns undefined when the program belongs to no runtime of Java 9 or newer
 */
export function javaModules(tree: FileTree, java: string): readonly string[] | undefined {
  const real = realFile(tree, java)
  const text = real === undefined ? undefined : textAt(tree, `${parentOf(parentOf(real))}/release`)
  const list = /^MODULES="([^"]*)"/m.exec(text ?? '')?.[1]
  return list?.split(' ').filter(Boolean)
}
