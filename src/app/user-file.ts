import { readFileSync } from 'node:fs'
import { Fault } from '../base/index.ts'

export type UserFile = {
  readonly code: string
  /** Begins the message: `open app.env`. */
  readonly what: string
  readonly hint?: string | undefined
}

/** Reads a file that the user named. @throws Fault with the code given, kind `invalid` */
export function readUserFile(path: string, about: UserFile): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw unreadable(error, about)
  }
}

/** Also for files that a stream opens. */
export function unreadable(error: unknown, { code, what, hint }: UserFile): Fault {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'no such file or directory',
    EISDIR: 'is a directory',
    EACCES: 'permission denied',
  }
  const { code: errno = '' } = error as NodeJS.ErrnoException
  const options = { kind: 'invalid', hint, cause: error } as const
  return new Fault(code, `${what}: ${reasons[errno] ?? errno}`, options)
}
