import type { CompiledLanguage } from '../../../analysis/index.ts'
import type { FileTree } from '../../../image/index.ts'
import type { InstructionFacts } from '../../facts/index.ts'

/** What is special about a language whose programs are compiled. */
export type Language = {
  /** Of the ecosystem: `go`. */
  readonly name: string
  /** Its row in the table of compiled languages, null when nobody knows. */
  readonly what: CompiledLanguage['what'] | null
  /** Official images that come with its tools: `golang`. */
  readonly bases: RegExp
  /** True for a program that its compiler made. */
  readonly made: (tree: FileTree, path: string) => boolean
  /** Commands that build when the app starts, which a lean image cannot, and what to do instead. */
  readonly whenRun: { readonly command: RegExp; readonly advice: string }
  /** Directories that a RUN downloads and compiles into, worth a cache mount; none for most. */
  readonly caches?: (at: InstructionFacts) => readonly string[]
  /** Commands that empty a cache, which a mount keeps out of the image anyway: `go clean -modcache`. */
  readonly cleans?: RegExp
}
