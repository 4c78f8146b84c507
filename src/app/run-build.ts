import { join } from 'node:path'
import { type AddSource, type BuildRequest, type BuildResult, buildImage } from '../build/index.ts'
import { type Adds, openAdds } from '../context/index.ts'
import { registrySettings } from './registry-settings.ts'
import type { Session } from './session.ts'

/** One build with the session's ports; what ADD downloaded or unpacked on the way is gone afterwards. */
export async function runBuild(
  session: Session,
  request: BuildRequest,
  io: { readonly emit: Session['emit']; readonly signal: AbortSignal | undefined },
): Promise<BuildResult> {
  let opened: Adds | undefined
  const adds = (): Adds => {
    opened ??= openAdds({
      workDir: join(session.settings.root, 'tmp'),
      http: registrySettings(session),
    })
    return opened
  }
  const lazily: AddSource = {
    archive: (source, path, stepIo) => adds().archive(source, path, stepIo),
    url: (url, options, stepIo) => adds().url(url, options, stepIo),
  }
  const { store, engine, bases } = session
  try {
    return await buildImage(request, { store, steps: engine.steps, bases, adds: lazily }, io)
  } finally {
    opened?.close()
  }
}
