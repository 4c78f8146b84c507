import type { OptionsOf, OptionTable } from './options.ts'
import type { Finding, GateInput } from './types.ts'

/** One policy: its options, what it says of an input, why it matters, how it is mended. */
export type PolicyKind<T extends OptionTable = OptionTable> = {
  /** The first option may be given alone: `image-size: 200MB`. */
  readonly options: T
  readonly why: string
  readonly fix: string
  /** True when `jettison slim` mends it, so that its patch is worth showing. */
  readonly slimFixes: boolean
  /** What is wrong with values that the table allows: the option and a sentence. */
  readonly refuse?: (options: OptionsOf<T>) => readonly [option: string, why: string] | null
  readonly judge: (options: OptionsOf<T>, input: GateInput) => Finding
}
