import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Fault } from '../base/index.ts'
import type { StepIo, StoredImage } from '../build/index.ts'
import { openContext } from '../context/index.ts'
import { buildRequest } from './build-request.ts'
import { readDockerfile } from './dockerfile-file.ts'
import { makeRootTar } from './root-tar.ts'
import { runBuild } from './run-build.ts'
import type { Session } from './session.ts'
import { isStandIn, type StandIn, standInChain } from './stand-ins.ts'

/** Says from which files a stand-in was made, so that a newer jettison does not take an older one's. */
const recipeLabel = 'dev.jettison.stand-in.recipe'

/** Builds a stand-in, its own base first, and tags it with the name that it stands for. */
export async function makeStandIn(
  session: Session,
  standIn: StandIn,
  io: StepIo,
): Promise<StoredImage> {
  const known = session.store.findImage(standIn.reference)
  const recipe = recipeOf(standIn)
  if (known && isStandIn(known) && known.config.config.Labels?.[recipeLabel] === recipe)
    return known
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
      labels: { [recipeLabel]: recipe },
    }),
    { emit, signal: io.signal ?? session.signal },
  )
  context.saveIndex()
  return image
}

/** Digest of every file that shapes the stand-in, its bases' included. */
function recipeOf(standIn: StandIn): string {
  const hash = createHash('sha256')
  for (const { dockerfile, context } of standInChain(standIn.reference)) {
    const folder = context ?? dirname(dockerfile)
    for (const name of readdirSync(folder).sort((a, b) => (a < b ? -1 : 1)))
      hash.update(`${name}\n`).update(readFileSync(join(folder, name)))
  }
  return hash.digest('hex').slice(0, 16)
}
