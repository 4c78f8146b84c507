import type { Range } from '../../base/index.ts'
import type { Dockerfile, Instruction, RunInstruction, Stage } from '../../dockerfile/index.ts'
import type { ImageConfig } from '../../image/index.ts'

/** The build context as slim reads it: relative `/`-separated paths, ignored files absent. */
export type ContextFiles = {
  has(path: string): boolean
  /** Text of a small file, undefined when there is none. */
  readText(path: string): string | undefined
}

/** A shell word with its place in the Dockerfile; `value` is null when the shell would expand it. */
export type RunWord = {
  readonly text: string
  readonly value: string | null
  readonly range: Range
}

/** One simple command of a RUN. */
export type RunCommand = {
  /** Base name of the program, empty when it is not a literal. */
  readonly name: string
  /** The program and its arguments; assignments before it and redirections are not among them. */
  readonly words: readonly RunWord[]
  /** From the first assignment or word to the last word or redirection. */
  readonly range: Range
  /** What joins it to the command before it. */
  readonly joiner: 'start' | '&&' | '||' | ';' | '|'
  /** Not within a pipe, loop, condition, function or subshell, and not after `||`: it can be edited on its own. */
  readonly plain: boolean
  /** Argument of the last plain `cd` before it in the same RUN, null when there was none. */
  readonly directory: string | null
  readonly system: SystemCommand | null
  /** The commands of a shell script that it runs, where the script can be read; their ranges mean nothing. */
  readonly inner: readonly RunCommand[]
}

/** What a command does to the system's packages, or to caches only. */
export type SystemCommand =
  | { readonly kind: 'update' | 'upgrade' | 'remove' | 'clean' | 'configure' }
  | { readonly kind: 'install'; readonly packages: readonly SystemPackage[] | null }

/** A package named on an `apt-get install` line. */
export type SystemPackage = {
  readonly name: string
  /** As written, with version or release: `libpq5=15.*`. */
  readonly text: string
}

export type RunFacts = {
  readonly instruction: RunInstruction
  /** Null when the shell text could not be understood. */
  readonly commands: readonly RunCommand[] | null
}

/** What holds when an instruction starts. */
export type Surroundings = {
  /** ENV and ARG of the stage so far, ENV winning, and what the base image sets. */
  readonly env: ReadonlyMap<string, string>
  readonly workdir: string
  readonly user: string
}

export type InstructionFacts = {
  readonly instruction: Instruction
  readonly before: Surroundings
  readonly run: RunFacts | null
  /** Index of the fat image's layer that it made, null when it made none or nobody knows. */
  readonly layer: number | null
}

export type StageFacts = {
  readonly stage: Stage
  /** The image after expansion of global ARGs: a reference, or the name of an earlier stage. */
  readonly reference: string
  /** The earlier stage that FROM names, null for an image. */
  readonly parent: number | null
  readonly instructions: readonly InstructionFacts[]
}

/** What /etc/os-release of the fat image says, null where it does not. */
export type SystemRelease = {
  /** `debian`, `ubuntu`, `alpine`. */
  readonly id: string | null
  /** `12`, `22.04`, `3.20.3`. */
  readonly version: string | null
  /** `bookworm`. */
  readonly codename: string | null
}

/** Everything a plan is made from: text and configuration, no judgement yet. */
export type Facts = {
  readonly dockerfile: Dockerfile
  /** The last one has the instructions of the stages that it is FROM as well: those that made the image. */
  readonly stages: readonly StageFacts[]
  /** The stages that made the image: from the one on a base image to the last one. */
  readonly chain: readonly Stage[]
  readonly config: ImageConfig
  /** Layers of the fat image that belong to its base. */
  readonly baseLayers: number
  /** Debian or Ubuntu release of the fat image (`VERSION_CODENAME`), null when it has none. */
  readonly suite: string | null
  readonly system: SystemRelease
  readonly context: ContextFiles
}
