import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { dockerRoot, removeMounts } from '../../support/docker-daemon.ts'
import { type BaseArchive, cache } from '../bases/bases.ts'
import { ociLayout } from '../bases/oci-layout.ts'
import { readImageArchive } from '../image/read-archive.ts'
import { numberedFolders, secretFlags } from './ask-flags.ts'
import { commandLine, exec, run } from './exec.ts'
import type { BuildAsk, Engine } from './types.ts'

const folder = join(homedir(), '.cache', 'jettison', 'buildkit')

/** The release that the differences recorded beside the cases were seen with. */
export const buildkitVersion = 'v0.34.2'

/**
 * A current buildkitd, compiled from its Go module when this machine has a Go that is new enough.
 * @returns the folder with `buildkitd` and `buildctl`, or why there is none
 */
export function findBuildkit(): { readonly bin: string } | { readonly missing: string } {
  const bin = join(folder, 'bin')
  if (existsSync(join(bin, 'buildkitd')) && existsSync(join(bin, 'buildctl'))) return { bin }
  const source = join(folder, 'src')
  try {
    mkdirSync(source, { recursive: true })
    writeFileSync(join(source, 'go.mod'), 'module oracle\n\ngo 1.25\n')
    const go = (...args: readonly string[]): void =>
      void execFileSync('go', args, { cwd: source, stdio: 'pipe' })
    const commands = ['buildkitd', 'buildctl'].map((name) => `github.com/moby/buildkit/cmd/${name}`)
    go('get', ...commands.map((name) => `${name}@${buildkitVersion}`))
    mkdirSync(bin, { recursive: true })
    go('build', '-trimpath', '-o', `${bin}/`, ...commands)
    return { bin }
  } catch (error) {
    return { missing: `buildkitd cannot be compiled here: ${String(error).split('\n')[0]}` }
  }
}

/** A current BuildKit on a socket and a root of its own; bases come from an OCI layout, the network is the host's. */
export async function startBuildkit(bases: readonly BaseArchive[]): Promise<Engine> {
  const found = findBuildkit()
  if ('missing' in found) throw new Error(found.missing)
  mkdirSync(cache, { recursive: true })
  const home = mkdtempSync(join(cache, 'buildkit-'))
  const layout = join(home, 'bases')
  const images = bases.flatMap(({ archive, tags }) => {
    const digest = ociLayout(archive, layout)
    return tags.map((tag) => ({ tag: tag.replace(/:latest$/, ''), digest }))
  })
  const search = ['usr/bin', 'usr/sbin'].map((folder) => join(dockerRoot(), folder))
  const socket = `unix://${home}/buildkitd.sock`
  const daemon = await startDaemon(found.bin, home, socket, search)
  const inFolder = numberedFolders(home)
  return {
    name: 'buildkit',
    build: (ask) =>
      inFolder(async (work) => {
        const archive = join(work, 'image.tar')
        const { code, log } = await exec(join(found.bin, 'buildctl'), [
          ...['--addr', socket, 'build', '--progress=plain', '--frontend=dockerfile.v0'],
          ...['--output', `type=docker,dest=${archive},compression=uncompressed`],
          ...['--oci-layout', `bases=${layout}`],
          ...images.flatMap(({ tag, digest }) => [
            '--opt',
            `context:${tag}=oci-layout://bases@${digest}`,
          ]),
          ...flagsOf(ask, work),
        ])
        if (code !== 0) return { kind: 'refused', log }
        return { kind: 'image', image: await readImageArchive(archive), log }
      }),
    close: async () => {
      daemon.kill('SIGTERM')
      if (daemon.exitCode === null) await new Promise((done) => daemon.once('exit', done))
      await removeMounts(home)
      await run('rm', ['-rf', '--one-file-system', home])
    },
  }
}

async function startDaemon(
  bin: string,
  home: string,
  socket: string,
  search: readonly string[],
): Promise<ChildProcess> {
  const [shell, ...command] = commandLine(
    join(bin, 'buildkitd'),
    [
      ...['--addr', socket, '--root', join(home, 'root'), '--oci-worker-net=host'],
      ...['--containerd-worker=false', '--oci-worker-snapshotter=overlayfs'],
      ...['--allow-insecure-entitlement=security.insecure'],
      ...['--allow-insecure-entitlement=network.host'],
    ],
    { search },
  )
  const daemon = spawn(shell, command, { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  daemon.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-8000)
  })
  for (let attempt = 0; attempt < 200; attempt++) {
    if (daemon.exitCode !== null) break
    const { code } = await exec(join(bin, 'buildctl'), ['--addr', socket, 'debug', 'workers'])
    if (code === 0) return daemon
    await wait(150)
  }
  daemon.kill('SIGKILL')
  throw new Error(`buildkitd did not start:\n${log}`)
}

function flagsOf(ask: BuildAsk, work: string): string[] {
  const option = (name: string, value: string): string[] => ['--opt', `${name}=${value}`]
  const pairs = (prefix: string, values: Readonly<Record<string, string>> = {}): string[] =>
    Object.entries(values).flatMap(([name, value]) => option(`${prefix}:${name}`, value))
  const contexts = Object.entries(ask.contexts ?? {}).flatMap(([name, from], at) =>
    /^https?:/.test(from)
      ? option(`context:${name}`, from)
      : [...['--local', `extra${at}=${from}`], ...option(`context:${name}`, `local:extra${at}`)],
  )
  return [
    ...(ask.remote ? remote(ask.remote) : local(ask)),
    ...pairs('build-arg', ask.args),
    ...pairs('label', ask.labels),
    ...contexts,
    ...secretFlags(ask, work),
    ...(ask.target === undefined ? [] : option('target', ask.target)),
    ...(ask.noCache ? ['--no-cache'] : []),
    ...(ask.noCacheFilter?.length ? option('no-cache', ask.noCacheFilter.join(',')) : []),
    ...(ask.network ? option('force-network-mode', ask.network) : []),
    ...(ask.allow ?? []).flatMap((name) => ['--allow', name]),
  ]
}

function local({ context, dockerfile }: BuildAsk): string[] {
  return [
    ...['--local', `context=${context}`, '--local', `dockerfile=${dirname(dockerfile)}`],
    ...['--opt', `filename=${basename(dockerfile)}`],
  ]
}

function remote({ url, file }: NonNullable<BuildAsk['remote']>): string[] {
  return ['--opt', `context=${url}`, ...(file === undefined ? [] : ['--opt', `filename=${file}`])]
}
