import type { BaseImage, BaseSource, StepIo } from '../build/index.ts'
import { engineName } from './docker-engine.ts'
import type { Session } from './session.ts'

/**
 * `build --pull`: the registry is asked for every base, once, even when the store has one of that name. What no registry
 * can have is left to the usual places: images of a Docker Engine, IDs, stand-ins.
 */
export function pullingBases(session: Session): Required<BaseSource> {
  const pending = new Map<string, Promise<BaseImage>>()
  const { bases } = session.settings
  const elsewhere = bases === 'stand-in' || bases === 'engine'
  const find = (reference: string, io: StepIo): Promise<BaseImage> => {
    const isId = /^(?:sha256:)?[0-9a-f]{64}$/.test(reference)
    if (elsewhere || isId || engineName(reference) !== undefined)
      return session.bases.find(reference, io)
    const pull = async (): Promise<BaseImage> => {
      const { pullBase } = await import('./pull-base.ts')
      return pullBase(session, reference, io)
    }
    const started = pending.get(reference) ?? pull()
    pending.set(reference, started)
    return started
  }
  return {
    find,
    resolve: async (reference, io) => {
      const image = await find(reference, io)
      const { wholeBase } = await import('./pull-base.ts')
      return wholeBase(session, image, io)
    },
  }
}
