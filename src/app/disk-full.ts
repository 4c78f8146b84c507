import { type EventSink, Fault, isFault } from '../base/index.ts'

/**
 * Watches what steps say. When a RUN has failed, its files are gone and the disk may have room again, so that nothing
 * but its own words tells of it: strerror(ENOSPC) and strerror(EDQUOT).
 */
export function watchForFullDisk(emit: EventSink): {
  readonly emit: EventSink
  /** The same fault, with a hint when the disk was full. */
  readonly explain: (error: unknown) => unknown
} {
  let full = false
  return {
    emit: (event) => {
      if (event.kind === 'step-output')
        full ||= /No space left on device|Disk quota exceeded/.test(
          Buffer.from(event.bytes).toString('latin1'),
        )
      emit(event)
    },
    explain: (error) => {
      if (!full || !isFault(error) || error.code !== 'RUN_FAILED') return error
      const { code, message, kind, at } = error
      const hint = 'the disk of the store is full: free some space, for example with jettison prune'
      return new Fault(code, message, { kind, at, hint, cause: error })
    },
  }
}
