import { join } from 'node:path'
import { Fault } from '../base/index.ts'
import type { BaseSource, StepIo, StoredImage } from '../build/index.ts'
import { openContext } from '../context/index.ts'
import { baseNotFound, pullImage } from '../registry/index.ts'
import { buildRequest } from './build-request.ts'
import { readDockerfile } from './dockerfile-file.ts'
import { hostPlatform } from './platform.ts'
import { registrySettings } from './registry-settings.ts'
import { makeRootTar } from './root-tar.ts'
import { runBuild } from './run-build.ts'
import type { Session } from './session.ts'
import { type StandIn, standInFor, standInLabel } from './stand-ins.ts'

/**
 * Where FROM finds images, in order: the store; then, as `--bases` says, stand-ins or the registry. A stand-in is never
 * used silently: each use is a notice, and its label goes on into everything built on it.
 */
export function baseSource(open: () => Session): BaseSource {
  const pending = new Map<string, Promise<StoredImage>>()
  const noticed = new Set<string>()
  const find = async (reference: string, io: StepIo): Promise<StoredImage> => {
    const session = open()
    const local = session.store.findImage(reference)
    if (local && !(session.settings.bases === 'registry' && isStandIn(local))) return local
    const standIn = standInFor(reference)
    if (session.settings.bases === 'stand-in' && standIn) return makeStandIn(session, standIn, io)
    return pull(session, reference, io)
  }
  return {
    async resolve(reference, io) {
      const started = pending.get(reference) ?? find(reference, io)
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
    },
  }
}

export function isStandIn(image: StoredImage): boolean {
  return image.config.config.Labels?.[standInLabel] === 'true'
}

/** Builds a stand-in, its own base first, and tags it with the name that it stands for. */
export async function makeStandIn(
  session: Session,
  standIn: StandIn,
  io: StepIo,
): Promise<StoredImage> {
  const known = session.store.findImage(standIn.reference)
  if (known && isStandIn(known)) return known
  const tar = standIn.rootfs
    ? await makeRootTar({
        ...standIn.rootfs,
        cache: join(session.settings.root, 'roots'),
        emit: session.emit,
        signal: session.signal,
      })
    : null
  const dir = tar ? join(tar, '..') : standIn.context
  if (dir === null)
    throw new Fault('STAND_IN_INVALID', `the stand-in ${standIn.reference} has no context`, {
      kind: 'internal',
    })
  const context = openContext({
    dir,
    ignoreFile: null,
    indexDir: join(session.settings.root, 'contexts'),
  })
  const emit: Session['emit'] = (event) =>
    session.emit('step' in event ? { ...event, step: `${standIn.reference} ${event.step}` } : event)
  const { image } = await runBuild(
    session,
    buildRequest({
      dockerfile: readDockerfile(standIn.dockerfile),
      context,
      tags: [standIn.reference],
    }),
    { emit, signal: io.signal ?? session.signal },
  )
  context.saveIndex()
  return image
}

async function pull(session: Session, reference: string, io: StepIo): Promise<StoredImage> {
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
