import type { Diagnostic, Range } from '../../base/index.ts'
import type {
  ArgInstruction,
  Dockerfile,
  Expansion,
  Instruction,
  RunInstruction,
  Stage,
} from '../../dockerfile/index.ts'
import type { PatternSet, Platform } from '../../image/index.ts'
import type { PackageCommand, ShellScript } from '../../shell/index.ts'
import type { BaseFacts } from '../types.ts'
import type { Environment } from './environment.ts'

/** A variable that nothing defines where it is used. */
export type UndefinedName = {
  readonly name: string
  /** A defined name that is nearly the same, null when none is. */
  readonly suggestion: string | null
}

/** A command line of a RUN, parsed. Ranges of the script become ranges of the file with `place`. */
export type RunFacts = {
  readonly instruction: RunInstruction
  readonly script: ShellScript
  readonly packages: readonly PackageCommand[]
  /** Where a range of the script stands in the file. */
  place(range: Range): Range
  /** Target paths of `--mount=type=cache`. */
  readonly cacheMounts: readonly string[]
}

/** Parses the commands of a RUN; null for the exec form and for what no shell reads. */
export type RunReader = (dockerfile: Dockerfile, instruction: RunInstruction) => RunFacts | null

export type InstructionFacts = {
  readonly instruction: Instruction
  /** Written in an ONBUILD of the stage below; it is reported at this stage's FROM. */
  readonly trigger: boolean
  /** One entry for each use, in the order in which BuildKit expands. */
  readonly undefinedNames: readonly UndefinedName[]
  /** The words after expansion: sources of COPY and ADD, the path of WORKDIR, ports, keys of ENV. */
  readonly words: readonly string[]
  /** ENV and ARG values before the instruction. */
  readonly env: Environment
  /** SHELL was set before, here or below. */
  readonly ownShell: boolean
  /** A WORKDIR came before, here or in a stage below. */
  readonly workdirSet: boolean
  /** The commands of a RUN, parsed when first asked for. Null for other instructions and for what no shell reads. */
  run(): RunFacts | null
}

export type StageFacts = {
  readonly stage: Stage
  /** FROM's image and platform, expanded with the global ARGs. */
  readonly image: Expansion
  readonly platform: Expansion | null
  /** Index of the stage FROM names, null for an image. */
  readonly parent: number | null
  /** What is known of the image FROM names; undefined for a stage or when nobody knows. */
  readonly base: BaseFacts | undefined
  readonly instructions: readonly InstructionFacts[]
}

/** Everything the rules read, computed once. Rules must not derive it again and must not change it. */
export type LintFacts = {
  readonly dockerfile: Dockerfile
  readonly globalArgs: readonly ArgInstruction[]
  /** Descriptions and `# check` comments above each instruction, without their `#`. */
  readonly comments: ReadonlyMap<Instruction, readonly string[]>
  /** All stages, in order. */
  readonly stages: readonly StageFacts[]
  /** Those that are looked at: all, or what the target needs. */
  readonly visible: readonly StageFacts[]
  /** The stage that becomes the image, null when the file has none. */
  readonly final: StageFacts | null
  /** The final stage and the stages it is FROM, lowest first: what the image is made of. */
  readonly chain: readonly StageFacts[]
  /** Global ARGs and platform arguments with their values, `--build-arg` applied. */
  readonly globals: ReadonlyMap<string, string>
  /** The same without `--build-arg`; null when a default cannot be expanded. */
  readonly defaults: ReadonlyMap<string, string> | null
  /** Names declared by global ARGs, with or without a value. */
  readonly declared: ReadonlySet<string>
  readonly platform: Platform
  readonly ignore: { readonly set: PatternSet; readonly negated: boolean } | null | undefined
  /** Expansions that fail, ports that are none: what text shows to be wrong beyond syntax. */
  readonly problems: readonly Diagnostic[]
}
