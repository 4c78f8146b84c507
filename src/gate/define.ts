import type { OptionsOf, OptionTable } from './options.ts'
import type { Examined, Finding } from './types.ts'

/** One policy: its options, what it says of an input, why it matters, how it is mended. */
export type PolicyKind<T extends OptionTable = OptionTable> = {
  /** The first option may be given alone: `image-size: 200MB`. */
  readonly options: T
  readonly why: string
  readonly fix: string
  /** True when `jettison slim` mends it, so that its patch is worth showing. */
  readonly slimFixes: boolean
  /** It compares with an earlier image, and can say nothing where none is kept. */
  readonly needsBaseline?: true
  /** It counts the layers above the base only. */
  readonly needsBase?: true
  /** It starts the image. */
  readonly runs?: true
  /** What is wrong with values that the table allows: the option and a sentence. */
  readonly refuse?: (options: OptionsOf<T>) => readonly [option: string, why: string] | null
  readonly judge: (options: OptionsOf<T>, input: Examined) => Finding
}
