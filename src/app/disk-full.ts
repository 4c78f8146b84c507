import { type EventSink, Fault, isFault } from '../base/index.ts'

const advice = 'the disk of the store is full: free some space, for example with jettison prune'

/** A step that could not write its layer. @throws Fault DISK_FULL */
export async function onDisk<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    throw fullDisk(error) ?? error
  }
}

function fullDisk(error: unknown): Fault | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') return undefined
  return new Fault('DISK_FULL', error.message, { hint: advice, cause: error })
}

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
      return new Fault(code, message, { kind, at, hint: advice, cause: error })
    },
  }
}
