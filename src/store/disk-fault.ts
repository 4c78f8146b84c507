import { Fault, isFault } from '../base/index.ts'

/** The errno name of a failed system call, e.g. `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** A failed system call as a fault that says what was tried; faults pass through. */
export function diskFault(error: unknown, doing: string): unknown {
  const errno = errnoOf(error)
  if (isFault(error) || errno === undefined) return error
  const reason = `${doing}: ${String(error instanceof Error ? error.message : errno).slice(0, 500)}`
  if (errno === 'ENOSPC' || errno === 'EDQUOT')
    return new Fault('DISK_FULL', reason, {
      hint: 'Free some space, for example with `jettison prune`, and try again.',
      cause: error,
    })
  if (errno === 'EROFS')
    return new Fault('STORE_READ_ONLY', reason, {
      hint: 'Commands that only look (images, history, analyze, save, …) work here; point --root or JETTISON_HOME at a folder that can be written.',
      cause: error,
    })
  if (errno === 'EPERM' || errno === 'EACCES')
    return new Fault('STORE_NOT_PERMITTED', reason, {
      hint: 'Unpacking layers with their owners needs root.',
      cause: error,
    })
  return new Fault('STORE_IO', reason, { cause: error })
}

/** Runs `work`; a failed system call in it becomes a fault. */
export function onDisk<T>(doing: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw diskFault(error, doing)
  }
}

/** For what is only remembered, and found out again where nothing can be written. @returns undefined then */
export function unlessReadOnly<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    const fault = diskFault(error, 'write to the store')
    if (isFault(fault) && /^STORE_(?:READ_ONLY|NOT_PERMITTED)$/.test(fault.code)) return undefined
    throw fault
  }
}
