import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../base/index.ts'
import { type Digest, isDigest } from '../../image/index.ts'
import { type OutsideBuild, pairs, type StepCounts } from './ask.ts'
import { runClient } from './program.ts'

/**
 * `docker build`: by the BuildKit of the Docker Engine that the client finds, or the builder that buildx has chosen.
 * @returns the ID of the image in that engine
 * @throws Fault ENGINE_MISSING, ENGINE_BUILD_FAILED
 */
export async function buildWithDocker(
  ask: OutsideBuild,
  io: Parameters<typeof runClient>[2],
): Promise<StepCounts & { readonly id: Digest }> {
  const idFile = join(ask.scratch, 'iid')
  const counts = await runClient('docker', dockerArguments(ask, idFile), {
    ...io,
    env: ['DOCKER_BUILDKIT=1'],
  })
  const id = readFileSync(idFile, 'utf8').trim()
  if (!isDigest(id))
    throw new Fault(
      'ENGINE_BUILD_FAILED',
      `docker names no image that it built: ${JSON.stringify(id)}`,
      {
        hint: 'a builder of buildx keeps its images to itself; docker buildx use default',
      },
    )
  return { ...counts, id }
}

/** The command line, as Docker's reference of `docker build` has it. */
export function dockerArguments(ask: OutsideBuild, idFile: string): readonly string[] {
  const { target, args, labels, secrets, noCache, network, addHosts, shmSize, ulimits } = ask
  return [
    ...['build', '--progress=plain', '--iidfile', idFile, '-f', ask.dockerfile],
    ...(target === null ? [] : ['--target', target]),
    ...pairs('--build-arg', args),
    ...pairs('--label', labels),
    ...[...secrets].flatMap(([id, file]) => ['--secret', `id=${id},src=${file}`]),
    ...(noCache ? ['--no-cache'] : []),
    ...['--network', network],
    ...addHosts.flatMap((host) => ['--add-host', host]),
    ...(shmSize === undefined ? [] : ['--shm-size', String(shmSize)]),
    ...ulimits.flatMap(({ name, soft, hard }) => ['--ulimit', `${name}=${soft}:${hard}`]),
    ask.context,
  ]
}
