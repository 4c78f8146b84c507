import type { Diagnostic, Range, Source } from '../base/index.ts'
import type { Edit, Instruction } from '../dockerfile/index.ts'
import type { PathPattern, Platform } from '../image/index.ts'
import type { LintFacts } from './facts/index.ts'

/** `warning` fails `jettison lint` as it fails `docker build --check`; `info` is advice. */
export type Severity = 'warning' | 'info'

/** `safe` keeps the meaning of the image; `suggestion` is likely right; `unsafe` needs a person. Only safe edits are applied unasked. */
export type Safety = 'safe' | 'suggestion' | 'unsafe'

export type Fix = {
  readonly title: string
  readonly safety: Safety
  readonly edits: readonly Edit[]
}

/** 1-based physical lines, both included. */
export type Lines = { readonly start: number; readonly end: number }

/** What a rule found. Positions are taken from `instruction` unless `range` or `lines` say more. */
export type Hit = {
  readonly message: string
  readonly instruction: Instruction
  /** The offending token; default: the instruction. */
  readonly range?: Range
  /** Default: the lines of the instruction, as BuildKit locates its warnings. */
  readonly lines?: Lines
  /** The instruction whose `# check=skip=` comment silences this; default `instruction`, null for none (as BuildKit). */
  readonly silencedBy?: Instruction | null
  readonly fix?: Fix
}

/** A plain object in the list of `rules.ts`. Adding one means: a file, a line there, a page in docs/rules. */
export type Rule = {
  /** BuildKit's name, or one of the same shape. It names the page docs/rules/<id>.md. */
  readonly id: string
  /** What the rule wants, one sentence; BuildKit's words for BuildKit's rules. */
  readonly description: string
  /** Docker's page for BuildKit's rules, null for ours (`jettison explain <id>`). */
  readonly url: string | null
  readonly origin: 'buildkit' | 'jettison'
  readonly severity: Severity
  /** Off unless `# check=experimental=` names it. */
  readonly experimental?: true
  /** `text` rules look at single instructions and also run on a file with errors in it. */
  readonly needs: 'text' | 'scope'
  check(facts: LintFacts): Iterable<Hit>
}

export type Finding = {
  readonly rule: string
  readonly description: string
  readonly url: string | null
  readonly severity: Severity
  readonly message: string
  readonly range: Range
  readonly lines: Lines
  readonly fix: Fix | null
}

export type LintResult = {
  /** By line, then in the order in which BuildKit would find them. */
  readonly findings: readonly Finding[]
  /** Why the file would not build, as far as text tells. */
  readonly errors: readonly Diagnostic[]
  /** `error=true` was asked for: a finding fails a build. */
  readonly returnAsError: boolean
}

/** What an image would tell that FROM names. */
export type BaseFacts = {
  readonly env: ReadonlyMap<string, string>
  /** The image sets its own SHELL. */
  readonly shell: boolean
  readonly platform?: Platform
}

export type LintInput = {
  readonly source: Source
  /** Values of `--build-arg`; `BUILDKIT_DOCKERFILE_CHECK` among them replaces the `# check` directive. */
  readonly args?: Readonly<Record<string, string>>
  /** What is built for; default linux/amd64. */
  readonly platform?: Platform
  /** Look only at what this stage needs (`''`: the last stage). Default: at every stage. */
  readonly target?: string
  /** Patterns of the ignore file, null when the context has none, undefined when there is no context. */
  readonly ignore?: readonly PathPattern[] | null
  /** What is known of an image; undefined when nothing is. */
  readonly base?: (reference: string) => BaseFacts | undefined
  /** Default: all rules. */
  readonly rules?: readonly Rule[]
}
