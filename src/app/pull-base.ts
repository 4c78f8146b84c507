import type { StepIo, StoredImage } from '../build/index.ts'
import { baseNotFound, pullImage } from '../registry/index.ts'
import { hostPlatform } from './platform.ts'
import { registrySettings } from './registry-settings.ts'
import type { Session } from './session.ts'

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
    throw baseNotFound(reference, error)
  }
}
