import { createReadStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, isFault, type Source } from '../base/index.ts'
import type { BuildRequest, ImageBuilder, StoredImage } from '../build/index.ts'
import { parseDockerfile } from '../dockerfile/index.ts'
import type { OutsideBuild, StepCounts } from '../engines/index.ts'
import type { InputBuildOptions } from './build.ts'
import { takeFromEngine } from './docker-engine.ts'
import type { Session } from './session.ts'
import { countBaseLayers } from './subject.ts'
import { writeTree } from './write-folder.ts'

/** Who builds, when it is not the embedded engine. */
export type OutsideEngine = Exclude<Session['settings']['engine'], 'embedded'>

/**
 * The whole build by a Docker Engine (`docker build`) or by a buildkitd (`buildctl build`); the image comes into the
 * store and gets its names there. The context goes as it is after its ignore file. Nothing here knows the engine's
 * steps, so there is nothing that `explain` could say of them.
 * @throws Fault USAGE for what only the embedded engine does, ENGINE_MISSING, ENGINE_BUILD_FAILED, DOCKER_UNREACHABLE
 */
export function outsideBuilder(session: Session, engine: OutsideEngine): ImageBuilder {
  const { store } = session
  return {
    build: async (request, { emit, signal = session.signal }) => {
      const place = store.workspace('outside')
      try {
        const ask = await asFiles(request, place.dir, signal)
        const io = { emit, signal }
        const { image, ...counts } = await made(session, engine, ask, io).catch(
          (error: unknown) => {
            const text = withoutFrontend(error, request.dockerfile)
            if (text === undefined) throw error
            emit(frontendNotice)
            writeFileSync(ask.dockerfile, text)
            return made(session, engine, ask, io)
          },
        )
        for (const tag of request.tags) store.tag(tag, image.id)
        const baseLayers = countBaseLayers(session, image, undefined)
        return { image, baseLayers, ...counts, absent: [], steps: [], cacheMounts: [] }
      } finally {
        place.remove()
      }
    },
  }
}

async function made(
  session: Session,
  engine: OutsideEngine,
  ask: OutsideBuild,
  io: Pick<Session, 'emit' | 'signal'>,
): Promise<StepCounts & { readonly image: StoredImage }> {
  const { buildWithBuildctl, buildWithDocker } = await import('../engines/index.ts')
  if (engine === 'docker') {
    const { id, ...counts } = await buildWithDocker(ask, io)
    return { ...counts, image: await takeFromEngine(session, id, io) }
  }
  const { archive, ...counts } = await buildWithBuildctl(ask, io)
  const { store } = session
  const [id = ''] = await store.load(createReadStream(archive), { ...io, names: 'drop' })
  const image = store.findImage(id)
  if (image) return { ...counts, image }
  throw new Fault('ENGINE_BUILD_FAILED', 'buildctl built no image for this platform', {
    hint: 'the last line of its output says what it made',
  })
}

/** @throws Fault USAGE naming the first option that only the embedded engine knows */
export function refuseForOutside(engine: OutsideEngine, options: InputBuildOptions): void {
  const { contexts, cacheFrom, cacheTo, pull, ssh, why, noCacheStages, entitlements } = options
  const asked: readonly (readonly [string, boolean])[] = [
    ['--build-context', (contexts?.length ?? 0) > 0],
    ['--cache-from', (cacheFrom?.length ?? 0) > 0],
    ['--cache-to', (cacheTo?.length ?? 0) > 0],
    ['--pull', pull === true],
    ['--ssh', (ssh?.size ?? 0) > 0],
    ['--why', why === true],
    ['--no-cache-filter', (noCacheStages?.length ?? 0) > 0],
    ['--allow', entitlements?.some((name) => name !== 'network.host') ?? false],
  ]
  const found = asked.find(([, given]) => given)
  if (!found) return
  throw new Fault('USAGE', `${found[0]} is not handed to --engine ${engine}`, {
    kind: 'invalid',
    hint: 'leave it out, or build with the embedded engine, which is the default',
  })
}

const frontendNotice: Parameters<Session['emit']>[0] = {
  kind: 'notice',
  level: 'warning',
  code: 'SYNTAX_NOT_FETCHED',
  message:
    'the image that # syntax= names cannot be fetched: built with the syntax that the engine has of its own',
}

/**
 * The Dockerfile without its `# syntax=`, when that is Docker's own and all that failed was to fetch it: an engine that
 * reaches no registry has a version of it built in.
 */
function withoutFrontend(error: unknown, { text }: Source): string | undefined {
  if (!isFault(error) || error.code !== 'ENGINE_BUILD_FAILED') return undefined
  const line = parseDockerfile(text).value.directives.find(
    ({ name }) => name.toLowerCase() === 'syntax',
  )
  if (!line || !/^(?:docker\.io\/)?docker\/dockerfile(?::1(?:\.\d+)*)?$/.test(line.value))
    return undefined
  if (!/(?:resolve|metadata)\b[^\n]*docker\.io\/docker\/dockerfile/.test(error.message))
    return undefined
  return text.slice(0, line.range.start) + text.slice(line.range.end).replace(/^\r?\n/, '')
}

/** The context, the Dockerfile and the secrets where the engine's client finds them. */
async function asFiles(
  request: BuildRequest,
  scratch: string,
  signal: AbortSignal,
): Promise<OutsideBuild> {
  const { context, dockerfile, target, args, labels, noCache, network, addHosts } = request
  const whole = context.hostPath('/')
  const folder = whole ?? join(scratch, 'context')
  if (whole === null) await writeTree(context.tree, folder, signal)
  mkdirSync(join(scratch, 'file'))
  const path = join(scratch, 'file', 'Dockerfile')
  writeFileSync(path, dockerfile.text)
  // What the project's own ignore file hides is hidden already; beside the Dockerfile, this one is the one that counts.
  writeFileSync(`${path}.dockerignore`, '# applied by jettison\n')
  const secrets = new Map<string, string>()
  for (const [id, value] of request.secrets) {
    const file = join(scratch, `secret-${secrets.size}`)
    writeFileSync(file, value, { mode: 0o600 })
    secrets.set(id, file)
  }
  const { shmSize, ulimits = [] } = request
  return {
    ...{ context: folder, dockerfile: path, scratch, target, args, labels, secrets },
    ...{ noCache, network, addHosts, shmSize, ulimits },
  }
}
