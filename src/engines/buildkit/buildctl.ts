import { basename, dirname, join } from 'node:path'
import { type OutsideBuild, pairs, type StepCounts } from './ask.ts'
import { runClient } from './program.ts'

/**
 * `buildctl build`: by the buildkitd that BUILDKIT_HOST names.
 * @returns the path of an image archive
 * @throws Fault ENGINE_MISSING, ENGINE_BUILD_FAILED
 */
export async function buildWithBuildctl(
  ask: OutsideBuild,
  io: Parameters<typeof runClient>[2],
): Promise<StepCounts & { readonly archive: string }> {
  const archive = join(ask.scratch, 'image.tar')
  const counts = await runClient('buildctl', buildctlArguments(ask, archive), io)
  return { ...counts, archive }
}

/** The command line, with the options of BuildKit's Dockerfile frontend. */
export function buildctlArguments(ask: OutsideBuild, archive: string): readonly string[] {
  const { dockerfile, target, args, labels, secrets, noCache, network } = ask
  const { addHosts, shmSize, ulimits } = ask
  const option = (name: string, value: string): readonly string[] => ['--opt', `${name}=${value}`]
  return [
    ...['build', '--progress=plain', '--frontend=dockerfile.v0'],
    ...['--output', `type=docker,dest=${archive},compression=uncompressed`],
    ...['--local', `context=${ask.context}`, '--local', `dockerfile=${dirname(dockerfile)}`],
    ...option('filename', basename(dockerfile)),
    ...(target === null ? [] : option('target', target)),
    ...pairs('--opt', args, 'build-arg:'),
    ...pairs('--opt', labels, 'label:'),
    ...[...secrets].flatMap(([id, file]) => ['--secret', `id=${id},src=${file}`]),
    ...(noCache ? ['--no-cache'] : []),
    ...option('force-network-mode', network),
    ...(network === 'host' ? ['--allow', 'network.host'] : []),
    ...(addHosts.length === 0 ? [] : option('add-hosts', addHosts.map(asEquals).join(','))),
    ...(shmSize === undefined ? [] : option('shm-size', String(shmSize))),
    ...(ulimits.length === 0
      ? []
      : option(
          'ulimit',
          ulimits.map(({ name, soft, hard }) => `${name}=${soft}:${hard}`).join(','),
        )),
  ]
}

/** `name:address` of Docker's flag is `name=address` here; an address may have colons of its own. */
function asEquals(host: string): string {
  return host.replace(':', '=')
}
