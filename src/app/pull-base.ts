import { Fault, isFault } from '../base/index.ts'
import type { StepIo, StoredImage } from '../build/index.ts'
import { baseNotFound, pullImage } from '../registry/index.ts'
import { hostPlatform } from './platform.ts'
import { registrySettings } from './registry-settings.ts'
import type { Session } from './session.ts'
import { standInFor } from './stand-ins.ts'

/** Pulls the image that a FROM names. @throws Fault BASE_NOT_FOUND and what a registry answers */
export async function pullBase(
  session: Session,
  reference: string,
  io: StepIo,
): Promise<StoredImage> {
  try {
    return await pullImage(reference, {
      store: session.store,
      platform: hostPlatform(),
      emit: io.emit,
      signal: io.signal,
      settings: registrySettings(session),
    })
  } catch (error) {
    throw withOwnHint(reference, baseNotFound(reference, error))
  }
}

/** Stand-ins are offered only for what they stand for. */
function withOwnHint(reference: string, error: unknown): unknown {
  if (!isFault(error) || error.code !== 'BASE_NOT_FOUND' || standInFor(reference)) return error
  return new Fault(error.code, error.message, {
    hint: 'check the name and the tag, and that its registry can be reached; nothing stands in for it',
    cause: error,
  })
}
