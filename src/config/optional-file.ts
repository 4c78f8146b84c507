import { readFileSync } from 'node:fs'
import { Fault } from '../base/index.ts'

/** A file's text, null when there is none. @throws Fault CONFIG_INVALID */
export function readOptional(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw unusable(path, error)
  }
}

export function unusable(path: string, cause: unknown): Fault {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new Fault('CONFIG_INVALID', `cannot use ${path}: ${why}`, {
    kind: 'invalid',
    hint: 'correct the file, or move it away',
    cause,
  })
}
