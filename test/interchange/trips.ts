import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Cli, writeFiles } from '../support/jettison.ts'
import { runPeer } from '../support/peers.ts'
import { answerOf, type Runner } from './answer.ts'
import { layoutErrors, registryErrors } from './documents.ts'
import { differences, filesOfFolder, filesOfTar } from './files.ts'
import type { Elsewhere, Traveller, World } from './world.ts'

/** A way that an image can go. */
export type Trip = {
  readonly name: string
  /** A part of every test run; the others go with `npm run interchange`. */
  readonly often?: boolean
  /** To a registry and on from there: the way that `npm run interchange` sends every image. */
  readonly registry?: boolean
  /** @returns what is wrong with what arrived; empty when it is the same */
  go(world: World, traveller: Traveller): Promise<readonly string[]>
}

export const trips: readonly Trip[] = [
  {
    name: 'jettison → registry → Docker Engine → run',
    often: true,
    registry: true,
    go: async ({ jettison, registry, docker, runners }, traveller) => {
      const name = `${registry.host}/there/${traveller.name}`
      await jettison.ok(['tag', traveller.name, name])
      await jettison.ok(['push', name])
      await docker.run(['pull', '-q', name])
      return same(runners.docker, name, traveller)
    },
  },
  {
    name: 'Docker Engine → registry → jettison → run',
    often: true,
    registry: true,
    go: ({ jettison, registry, docker, elsewhere }, traveller) =>
      elsewhere(async (place) => {
        const name = `${registry.host}/back/${traveller.name}`
        await giveToDocker({ jettison, docker }, traveller.name, place)
        await docker.run(['tag', traveller.name, name])
        await docker.run(['push', '-q', name])
        await place.jettison.ok(['pull', name])
        return [...(await same(place.runner, name, traveller)), ...(await clean(place))]
      }),
  },
  {
    name: 'docker-daemon:NAME → jettison → run',
    go: ({ jettison, docker, elsewhere }, traveller) =>
      elsewhere(async (place) => {
        await giveToDocker({ jettison, docker }, traveller.name, place)
        const env = { DOCKER_HOST: docker.socket }
        await place.jettison.ok(['pull', `docker-daemon:${traveller.name}`], { env })
        return same(place.runner, traveller.name, traveller)
      }),
  },
  ...(['docker', 'podman'] as const).map(
    (peer): Trip => ({
      name: `jettison save → ${peer} load → run`,
      often: peer === 'podman',
      go: (world, traveller) =>
        world.elsewhere(async ({ folder }) => {
          const archive = join(folder, 'saved.tar')
          await world.jettison.ok(['save', '--compression', 'gzip', '-o', archive, traveller.name])
          await world[peer].run(['load', '-q', '-i', archive])
          return same(world.runners[peer], traveller.name, traveller)
        }),
    }),
  ),
  {
    name: 'docker save → jettison load → run',
    go: ({ jettison, docker, elsewhere }, traveller) =>
      elsewhere(async (place) => {
        await giveToDocker({ jettison, docker }, traveller.name, place)
        const archive = join(place.folder, 'docker.tar')
        await docker.run(['save', '-o', archive, traveller.name])
        await place.jettison.ok(['load', '-i', archive])
        return same(place.runner, traveller.name, traveller)
      }),
  },
  ...(['docker-archive', 'oci-archive', 'oci-dir'] as const).map(
    (format): Trip => ({
      name: `podman save (${format}) → jettison load → run`,
      often: format === 'oci-dir',
      go: ({ jettison, podman, elsewhere }, traveller) =>
        elsewhere(async (place) => {
          const given = join(place.folder, 'given.tar')
          await jettison.ok(['save', '-o', given, traveller.name])
          await podman.run(['load', '-q', '-i', given])
          const archive = join(place.folder, 'podman')
          await podman.run(['save', '-q', '--format', format, '-o', archive, traveller.name])
          return arrives(place, archive, traveller)
        }),
    }),
  ),
  ...(['docker-archive', 'oci-archive', 'oci', 'dir-zstd'] as const).map(
    (format): Trip => ({
      name: `jettison save → skopeo copy (${format}) → jettison load → run`,
      go: ({ jettison, elsewhere }, traveller) =>
        elsewhere(async (place) => {
          const given = join(place.folder, 'given.tar')
          const copy = join(place.folder, 'copy')
          await jettison.ok(['save', '-o', given, traveller.name])
          const [kind, compress] =
            format === 'dir-zstd'
              ? ['oci', ['--dest-compress', '--dest-compress-format', 'zstd']]
              : [format, []]
          const to = `${kind}:${copy}:${kind === 'oci' ? 'tag' : traveller.name}`
          runPeer('skopeo', ['copy', '-q', ...compress, `oci-archive:${given}`, to])
          return arrives(place, copy, traveller)
        }),
    }),
  ),
  {
    name: 'jettison build --load → Docker Engine → run',
    often: true,
    go: ({ jettison, docker, runners, elsewhere }, traveller) =>
      elsewhere(async ({ folder }) => {
        const name = `loaded/${traveller.name}`
        const context = derived(folder, traveller.name)
        const env = { DOCKER_HOST: docker.socket }
        await jettison.ok(['build', '-q', '--load', '-t', name, context], { env })
        return same(runners.docker, name, traveller)
      }),
  },
  {
    name: 'jettison save → umoci unpack → the same files',
    go: ({ jettison, elsewhere }, traveller) =>
      elsewhere(async ({ folder }) => {
        const layout = await layoutOf(jettison, traveller.name, folder)
        const bundle = join(folder, 'bundle')
        const tag = traveller.name.split(':')[1] ?? 'latest'
        runPeer('umoci', ['unpack', '--image', `${layout}:${tag}`, bundle])
        const files = join(folder, 'files.tar')
        const output = `type=tar,dest=${files}`
        await jettison.ok(['build', '-q', '-o', output, derived(folder, traveller.name)])
        return differences(filesOfTar(files), filesOfFolder(join(bundle, 'rootfs')))
      }),
  },
  {
    name: 'documents as the OCI schemas want them',
    often: true,
    go: ({ jettison, registry, elsewhere }, traveller) =>
      elsewhere(async ({ folder }) => {
        const layout = await layoutOf(jettison, traveller.name, folder)
        const name = `${registry.host}/schema/${traveller.name}`
        await jettison.ok(['tag', traveller.name, name])
        await jettison.ok(['push', name])
        return [...layoutErrors(layout), ...(await registryErrors(registry.host, name))]
      }),
  },
]

async function giveToDocker(
  { jettison, docker }: Pick<World, 'jettison' | 'docker'>,
  name: string,
  { folder }: Elsewhere,
): Promise<void> {
  const archive = join(folder, 'to-docker.tar')
  await jettison.ok(['save', '-o', archive, name])
  await docker.run(['load', '-q', '-i', archive])
  rmSync(archive)
}

/** Loads an archive or layout and compares what it answers. */
async function arrives(
  place: Elsewhere,
  archive: string,
  traveller: Traveller,
): Promise<readonly string[]> {
  const loaded = await place.jettison.ok(['load', '-i', archive])
  const name = /Loaded image(?: ID)?: (\S+)/.exec(loaded)?.[1]
  if (name === undefined) return [`nothing was loaded: ${loaded}`]
  return [...(await same(place.runner, name, traveller)), ...(await clean(place))]
}

async function same(
  runner: Runner,
  image: string,
  { question, answer }: Traveller,
): Promise<readonly string[]> {
  const found = await answerOf(runner, image, question)
  return found === answer ? [] : [`answered ${found}`, `instead of ${answer}`]
}

async function clean({ jettison }: Elsewhere): Promise<readonly string[]> {
  const { code, stdout } = await jettison.run(['fsck'])
  return code === 0 ? [] : [`fsck: ${stdout}`]
}

/** A folder to build an image from that adds nothing but a label. */
function derived(folder: string, name: string): string {
  return writeFiles(join(folder, 'derived'), { Dockerfile: `FROM ${name}\nLABEL travelled=yes\n` })
}

/** What `save` writes is an OCI layout once it is unpacked. */
async function layoutOf(jettison: Cli, name: string, folder: string): Promise<string> {
  const [archive, layout] = [join(folder, 'layout.tar'), join(folder, 'layout')]
  await jettison.ok(['save', '-o', archive, name])
  mkdirSync(layout)
  execFileSync('tar', ['-C', layout, '-xf', archive])
  return layout
}
