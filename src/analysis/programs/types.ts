/** A library that was compiled into a program. */
export type Component = { readonly name: string; readonly version: string }

/** What a compiled program says of itself. */
export type ProgramParts = {
  /** `Go 1.22.5` or `Rust`. */
  readonly made: string
  readonly components: readonly Component[]
}
