import type { Range } from './source.ts'

/** A finding about a text. Parsers return these and never throw. */
export type Diagnostic = {
  readonly code: string
  readonly severity: 'error' | 'warning' | 'info'
  readonly message: string
  readonly range: Range
  readonly hint?: string
}
