import { isFault } from '../base/index.ts'

/** Exit codes of DESIGN §2, decided here and nowhere else. */
export function exitCodeOf(error: unknown): number {
  if (!isFault(error)) return 4
  return { failed: 1, invalid: 2, undecided: 3, internal: 4 }[error.kind]
}

/** First SIGINT or SIGTERM aborts the work, which then cleans up; the exit code is 130 or 143. */
export function exitOnSignal(aborter: AbortController): {
  readonly code: () => number | undefined
  readonly remove: () => void
} {
  let code: number | undefined
  const stop = (number: number, name: string) => (): void => {
    code = number
    aborter.abort(new Error(`stopped by ${name}`))
  }
  const int = stop(130, 'SIGINT')
  const term = stop(143, 'SIGTERM')
  process.on('SIGINT', int)
  process.on('SIGTERM', term)
  return {
    code: () => code,
    remove: () => {
      process.off('SIGINT', int)
      process.off('SIGTERM', term)
    },
  }
}
