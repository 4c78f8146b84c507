import {
  type AddSource,
  type BuildPorts,
  type BuildRequest,
  type BuildResult,
  buildImage,
  type StepRunner,
} from '../build/index.ts'
import type { Adds } from '../context/index.ts'
import { onDisk, watchForFullDisk } from './disk-full.ts'
import { openSessionAdds } from './open-adds.ts'
import type { Session } from './session.ts'

/** One build with the session's ports; what ADD downloaded or unpacked on the way is gone afterwards. */
export async function runBuild(
  session: Session,
  request: BuildRequest,
  io: {
    readonly emit: Session['emit']
    readonly signal: AbortSignal | undefined
    readonly note?: BuildPorts['note']
    readonly cache?: BuildPorts['cache']
  },
): Promise<BuildResult> {
  let opened: Promise<Adds> | undefined
  const open = (): Promise<Adds> => {
    opened ??= openSessionAdds(session)
    return opened
  }
  // A build that finds every step in the cache loads neither the engine nor what ADD needs.
  const adds: AddSource = {
    archive: async (source, path, stepIo) => (await open()).archive(source, path, stepIo),
    url: async (url, options, stepIo) => (await open()).url(url, options, stepIo),
    git: async (wanted, options, stepIo) => (await open()).git(wanted, options, stepIo),
  }
  const steps: StepRunner = {
    run: (step, stepIo) => onDisk(async () => (await session.engine()).steps.run(step, stepIo)),
    copy: (step, stepIo) => onDisk(async () => (await session.engine()).steps.copy(step, stepIo)),
  }
  const { store, bases } = session
  const ports = {
    store,
    steps,
    bases,
    adds,
    ...(io.note ? { note: io.note } : {}),
    ...(io.cache ? { cache: io.cache } : {}),
  }
  const disk = watchForFullDisk(io.emit)
  try {
    return await buildImage(request, ports, { ...io, emit: disk.emit })
  } catch (error) {
    throw disk.explain(error)
  } finally {
    if (opened) (await opened).close()
  }
}
