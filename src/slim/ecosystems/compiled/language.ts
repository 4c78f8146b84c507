import type { CompiledLanguage } from '../../../analysis/index.ts'
import type { FileTree } from '../../../image/index.ts'
import type { InstructionFacts, StageFacts } from '../../facts/index.ts'

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
  readonly caches?: (at: InstructionFacts, project: Project) => readonly string[]
  /** Commands that empty a cache, which a mount keeps out of the image anyway: `cargo clean`. */
  readonly cleans?: RegExp
}

/** What a language may ask before it gives a RUN a cache. */
export type Project = {
  /** Of the Dockerfile, for what is written in it. */
  readonly text: string
  readonly stage: StageFacts
  /** True when the runtime copies a file from below this directory. */
  readonly keepsBelow: (directory: string) => boolean
}
