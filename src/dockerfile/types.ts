import type { Diagnostic, Range } from '../base/index.ts'

/** `# escape=`, `# syntax=`, `# check=` at the top of the file. */
export type Directive = { readonly name: string; readonly value: string; readonly range: Range }

/** `--name=value` before the arguments of an instruction; `value` is null for a bare `--link`. Unexpanded. */
export type Flag = { readonly name: string; readonly value: string | null; readonly range: Range }

/** A word as written, quotes and variables still in it. */
export type Word = { readonly text: string; readonly range: Range }

export type Heredoc = {
  /** The delimiter without quotes. */
  readonly name: string
  /** Body with its last line break, tabs already stripped for `<<-`. */
  readonly content: string
  /** False when the delimiter was quoted. */
  readonly expand: boolean
  readonly stripTabs: boolean
  readonly fileDescriptor: number
  /** The body in the file. */
  readonly range: Range
}

export type KeyValue = {
  readonly key: string
  readonly value: string | null
  readonly range: Range
}

type Common = {
  /** As written, e.g. `run` or `RUN`. */
  readonly keyword: string
  /** From the keyword to the end of the last line (heredocs included), without the line break. */
  readonly range: Range
  readonly flags: readonly Flag[]
  /** Everything after keyword and flags with continuations joined as BuildKit joins them. */
  readonly rest: string
  readonly heredocs: readonly Heredoc[]
  /** Ranges of the comment lines directly above. */
  readonly comments: readonly Range[]
}

/** `exec` holds `argv` (JSON form), `shell` holds `text`. */
export type CommandForm =
  | { readonly form: 'shell'; readonly text: string }
  | { readonly form: 'exec'; readonly argv: readonly string[] }

export type FromInstruction = Common & {
  readonly kind: 'from'
  readonly image: Word
  readonly as: Word | null
  readonly platform: string | null
}
export type ArgInstruction = Common & { readonly kind: 'arg'; readonly pairs: readonly KeyValue[] }
export type EnvInstruction = Common & {
  readonly kind: 'env'
  readonly pairs: readonly KeyValue[]
  readonly legacy: boolean
}
export type LabelInstruction = Common & {
  readonly kind: 'label'
  readonly pairs: readonly KeyValue[]
  readonly legacy: boolean
}
export type RunInstruction = Common & { readonly kind: 'run'; readonly command: CommandForm }
export type CmdInstruction = Common & { readonly kind: 'cmd'; readonly command: CommandForm }
export type EntrypointInstruction = Common & {
  readonly kind: 'entrypoint'
  readonly command: CommandForm
}
export type CopyInstruction = Common & {
  readonly kind: 'copy' | 'add'
  readonly sources: readonly Word[]
  readonly destination: Word
}
export type WorkdirInstruction = Common & { readonly kind: 'workdir'; readonly path: Word }
export type UserInstruction = Common & { readonly kind: 'user'; readonly user: Word }
export type ExposeInstruction = Common & {
  readonly kind: 'expose'
  readonly ports: readonly Word[]
}
export type VolumeInstruction = Common & {
  readonly kind: 'volume'
  readonly paths: readonly Word[]
}
export type StopsignalInstruction = Common & { readonly kind: 'stopsignal'; readonly signal: Word }
export type HealthcheckInstruction = Common & {
  readonly kind: 'healthcheck'
  readonly test: CommandForm | null
}
export type ShellInstruction = Common & { readonly kind: 'shell'; readonly argv: readonly string[] }
export type OnbuildInstruction = Common & { readonly kind: 'onbuild'; readonly expression: string }
export type MaintainerInstruction = Common & { readonly kind: 'maintainer'; readonly name: string }
/** A keyword that no Dockerfile has, or an instruction whose arguments are wrong (a diagnostic says how). */
export type UnknownInstruction = Common & { readonly kind: 'unknown' }

export type Instruction =
  | FromInstruction
  | ArgInstruction
  | EnvInstruction
  | LabelInstruction
  | RunInstruction
  | CmdInstruction
  | EntrypointInstruction
  | CopyInstruction
  | WorkdirInstruction
  | UserInstruction
  | ExposeInstruction
  | VolumeInstruction
  | StopsignalInstruction
  | HealthcheckInstruction
  | ShellInstruction
  | OnbuildInstruction
  | MaintainerInstruction
  | UnknownInstruction

/** A parsed Dockerfile: the text it came from and what is in it. Nothing of the text is lost. */
export type Dockerfile = {
  readonly text: string
  readonly escape: '\\' | '`'
  readonly directives: readonly Directive[]
  readonly instructions: readonly Instruction[]
}

export type Parsed = { readonly value: Dockerfile; readonly diagnostics: readonly Diagnostic[] }

/** A FROM and the instructions after it. */
export type Stage = {
  readonly index: number
  /** Lower-cased name after AS, null when unnamed. */
  readonly name: string | null
  readonly from: FromInstruction
  readonly instructions: readonly Instruction[]
  readonly range: Range
}

/** Replace `range` by `text`. Ranges of one list may not overlap; an insertion has an empty range. */
export type Edit = { readonly range: Range; readonly text: string }
