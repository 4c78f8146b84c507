import type { BaseImage, BaseSource, StepIo, StoredImage } from '../build/index.ts'
import { engineName, findInEngine, takeFromEngine } from './docker-engine.ts'
import type { Session } from './session.ts'
import { isStandIn, standInFor } from './stand-ins.ts'

/**
 * Where FROM finds images, in order: the store; then, as `--bases` says, stand-ins or the registry. With `--bases engine`
 * the Docker Engine comes before all of them. A stand-in is never used silently: each use is a notice, and its label
 * goes on into everything built on it.
 */
export function baseSource(open: () => Session): Required<BaseSource> {
  const pending = new Map<string, Promise<BaseImage>>()
  const noticed = new Set<string>()
  const here = async (reference: string, io: StepIo): Promise<StoredImage | undefined> => {
    const session = open()
    const theirs = engineName(reference)
    if (theirs !== undefined) return takeFromEngine(session, theirs, io)
    if (session.settings.bases === 'engine') {
      const found = await findInEngine(session, reference, io)
      if (found) return found
    }
    const local = session.store.findImage(reference)
    const { bases } = session.settings
    if (local && (bases === 'auto' || !isStandIn(local))) return local
    const standIn = standInFor(reference)
    if (bases === 'stand-in' && local && !standIn) return local
    if (bases === 'stand-in' && standIn) {
      const { makeStandIn } = await import('./make-stand-in.ts')
      return makeStandIn(session, standIn, io)
    }
    return undefined
  }
  const search = async (reference: string, io: StepIo): Promise<BaseImage> => {
    const image = await here(reference, io)
    if (image) return { ...image, absent: [] }
    const { pullBase } = await import('./pull-base.ts')
    return pullBase(open(), reference, io)
  }
  const find = async (reference: string, io: StepIo): Promise<BaseImage> => {
    const started = pending.get(reference) ?? search(reference, io)
    pending.set(reference, started)
    const image = await started
    if (isStandIn(image) && !noticed.has(reference)) {
      noticed.add(reference)
      open().emit({
        kind: 'notice',
        level: 'info',
        code: 'STAND_IN_BASE',
        message: `${reference} is a stand-in made from Debian packages, not the official image`,
      })
    }
    return image
  }
  return {
    find,
    resolve: async (reference, io) => {
      const { absent, ...image } = await find(reference, io)
      if (absent.length === 0) return image
      const { wholeBase } = await import('./pull-base.ts')
      return wholeBase(open(), { ...image, absent }, io)
    },
  }
}
