import { isFault } from '../base/index.ts'

/** Exit codes of DESIGN §2, decided here and nowhere else. */
export function exitCodeOf(error: unknown): number {
  if (!isFault(error)) return 4
  return { failed: 1, invalid: 2, undecided: 3, internal: 4 }[error.kind]
}

export type StopSignal = 'SIGINT' | 'SIGTERM'

export type Signals = {
  /** 130 or 143 once a signal has stopped the work. */
  readonly code: () => number | undefined
  /** From now on signals go to `handler` (an app in the foreground) and do not stop us. */
  readonly redirect: (handler: (name: StopSignal) => void) => void
  /** Whoever read stdout wants no more (`… | head`); the work was told to stop. */
  readonly readerGone: () => boolean
  /** Signals do what they do to a program that does not listen, as long as the work takes. */
  readonly untilKilled: <T>(work: () => T) => T
  readonly remove: () => void
}

/** As often as Docker's commands want it before they leave everything as it is. */
export const impatience = 3

/** SIGINT and SIGTERM abort the work, which then cleans up; the third one ends it where it is. */
export function exitOnSignal(aborter: AbortController): Signals {
  let code: number | undefined
  let redirected: ((name: StopSignal) => void) | undefined
  let asked = 0
  const stop = (name: StopSignal): void => {
    if (redirected) {
      redirected(name)
      return
    }
    code = name === 'SIGINT' ? 130 : 143
    asked += 1
    if (asked >= impatience) die(name)
    else aborter.abort(new Error(`stopped by ${name}`))
  }
  const remove = (): void => {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
  // By the signal: an exit would wait for the file that a thread is still opening.
  const die = (name: StopSignal): void => {
    remove()
    process.kill(process.pid, name)
  }
  const listen = (): void => {
    process.on('SIGINT', stop)
    process.on('SIGTERM', stop)
  }
  listen()
  let gone = false
  // These listeners stay: the error may come when the command is done. Progress that nobody reads stops nothing.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    gone = true
    aborter.abort(new Error('nobody reads stdout'))
  })
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  return {
    readerGone: () => gone,
    code: () => code,
    redirect: (handler) => {
      redirected = handler
    },
    untilKilled: (work) => {
      // An app in the foreground gets them; nothing that runs beside one takes this long.
      if (redirected) return work()
      remove()
      try {
        return work()
      } finally {
        listen()
      }
    },
    remove,
  }
}
