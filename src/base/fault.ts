import { codeFrame, type Place } from './source.ts'

/**
 * What a fault means for the exit code (DESIGN §2): `failed` 1, `invalid` 2, `undecided` 3, `internal` 4.
 */
export type FaultKind = 'failed' | 'invalid' | 'undecided' | 'internal'

export type FaultOptions = {
  readonly kind?: FaultKind
  /** What the user can do about it, one sentence. */
  readonly hint?: string | undefined
  readonly at?: Place | undefined
  readonly cause?: unknown
}

/** The one error that jettison throws: a stable code in SCREAMING_CASE, a message, a hint and a place. */
export class Fault extends Error {
  readonly code: string
  readonly kind: FaultKind
  readonly hint: string | undefined
  readonly at: Place | undefined

  constructor(code: string, message: string, options: FaultOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.kind = options.kind ?? 'failed'
    this.hint = options.hint
    this.at = options.at
  }
}

/** Recognised by shape and not by `instanceof`, so that faults cross bundles and realms. */
export function isFault(error: unknown): error is Fault {
  return error instanceof Error && error.name === 'Fault' && 'code' in error && 'kind' in error
}

/** The same fault with a place, when it has none; anything else unchanged. For `throw` in a catch. */
export function withPlace(error: unknown, at: Place): unknown {
  if (!isFault(error) || error.at) return error
  const { code, message, kind, hint } = error
  return new Fault(code, message, { kind, hint, at, cause: error })
}

/** Message, code frame, hint and code as a person reads them; one trailing newline is the caller's. */
export function describeFault(fault: Fault): string {
  const parts = [`error: ${fault.message}`]
  if (fault.at) parts.push(codeFrame(fault.at))
  if (fault.hint) parts.push(`hint: ${fault.hint}`)
  parts.push(`code: ${fault.code}`)
  return parts.join('\n')
}
