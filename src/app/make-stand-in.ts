import { join } from 'node:path'
import { Fault } from '../base/index.ts'
import type { StepIo, StoredImage } from '../build/index.ts'
import { openContext } from '../context/index.ts'
import { buildRequest } from './build-request.ts'
import { readDockerfile } from './dockerfile-file.ts'
import { makeRootTar } from './root-tar.ts'
import { runBuild } from './run-build.ts'
import type { Session } from './session.ts'
import { isStandIn, type StandIn } from './stand-ins.ts'

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
