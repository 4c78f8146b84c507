import { join } from 'node:path'
import { startDockerDaemon } from '../../support/docker-daemon.ts'
import { type BaseArchive, cache } from '../bases/bases.ts'
import { readImageArchive } from '../image/read-archive.ts'
import { numberedFolders, secretFlags } from './ask-flags.ts'
import type { BuildAsk, Engine } from './types.ts'

/**
 * Docker Engine 20.10 with its BuildKit (about 0.8) on a socket and a data root of its own: no bridge, no iptables,
 * every build on the host's network.
 */
export async function startDocker(bases: readonly BaseArchive[]): Promise<Engine> {
  const daemon = await startDockerDaemon(cache)
  for (const { archive } of bases) await daemon.run(['load', '-i', archive])
  const inFolder = numberedFolders(daemon.home)
  return {
    name: 'docker',
    build: (ask) =>
      inFolder(async (work, count) => {
        const tag = `conformance:${count}`
        const { code, log } = await daemon.exec(['build', '-t', tag, ...flagsOf(ask, work)])
        if (code !== 0) {
          // Some Dockerfiles make this daemon panic; that is its answer, and the next build needs a daemon.
          await daemon.revive()
          return { kind: 'refused', log }
        }
        const archive = join(work, 'image.tar')
        await daemon.run(['save', '-o', archive, tag])
        return { kind: 'image', image: await readImageArchive(archive), log }
      }),
    close: daemon.close,
  }
}

function flagsOf(ask: BuildAsk, work: string): string[] {
  const pairs = (flag: string, values: Readonly<Record<string, string>> = {}): string[] =>
    Object.entries(values).flatMap(([name, value]) => [flag, `${name}=${value}`])
  return [
    ...['--progress=plain', '--network', ask.network ?? 'host'],
    ...(ask.remote?.file === undefined ? [] : ['-f', ask.remote.file]),
    ...(ask.remote ? [] : ['-f', ask.dockerfile]),
    ...pairs('--build-arg', ask.args),
    ...pairs('--label', ask.labels),
    ...secretFlags(ask, work),
    ...(ask.target === undefined ? [] : ['--target', ask.target]),
    ...(ask.noCache ? ['--no-cache'] : []),
    ask.remote?.url ?? ask.context,
  ]
}
