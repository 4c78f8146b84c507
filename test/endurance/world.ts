import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { baseArchives } from '../conformance/bases/bases.ts'
import { findDockerRegistry, startDockerRegistry } from '../support/docker-registry.ts'
import { type Cli, cliOn, lasting, type Ran, writeFiles } from '../support/jettison.ts'
import { startMemoryRegistry } from '../support/memory-registry.ts'

/** A store that is worked on, a registry and an archive to fill it from, and images in it that nobody touches. */
export type World = {
  readonly cli: Cli
  readonly folder: string
  /** What a pull brings. */
  readonly pulled: string
  /** What loading `archive` brings. */
  readonly loaded: string
  readonly archive: string
  /** A name in the registry that nobody pulls. */
  readonly pushed: string
  /** IDs by tag as they were when they were published. */
  readonly ids: ReadonlyMap<string, string>
  close(): Promise<void>
}

const base = 'busybox:latest'
const kept = 'kept:1'

/** Makes everything with the program that is under test. Needs root, as every build does. */
export async function makeWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'jettison-endurance-'))
  const found = findDockerRegistry()
  const registry =
    'program' in found ? await startDockerRegistry(found.program) : await startMemoryRegistry()
  const close = async (): Promise<void> => {
    await registry.close()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const cli = cliOn(join(folder, 'store'))
    const [busybox] = baseArchives(['busybox'])
    await cli.ok(['load', '-i', busybox?.archive ?? ''])
    const names = {
      pulled: `${registry.host}/pulled:1`,
      loaded: 'loaded:1',
      pushed: `${registry.host}/pushed:1`,
    }
    const archive = join(folder, 'loaded.tar')
    for (const tag of [kept, names.loaded, names.pulled])
      await cli.ok(['build', '-t', tag, writeFiles(join(folder, 'images'), recipe(tag))])
    const ids = new Map<string, string>()
    for (const tag of [kept, names.loaded, names.pulled]) ids.set(tag, await idOf(cli, tag))
    await cli.ok(['push', names.pulled])
    await cli.ok(['save', '-o', archive, names.loaded])
    await cli.ok(['rmi', names.pulled, names.loaded])
    await cli.ok(['prune', '-a'])
    return { cli, folder, archive, ids, ...names, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Some layers that differ from image to image: many small files, and bytes that do not compress. */
function recipe(tag: string): { readonly Dockerfile: string } {
  return {
    Dockerfile: `FROM ${base}
RUN mkdir /many && i=0 && while [ $i -lt 600 ]; do echo "${tag} $i" > /many/$i; i=$((i+1)); done
RUN head -c 6000000 /dev/urandom > /noise
RUN mkdir -p /a/b/c && ln -s ../noise /a/link && ln /noise /a/b/hard && chmod 4750 /a/b && rm /many/7
`,
  }
}

/** A context whose image nobody has built yet. @returns its folder */
export function freshContext(folder: string, nonce: string): string {
  return writeFiles(folder, {
    nonce,
    Dockerfile: `FROM ${base}
COPY nonce /nonce
RUN mkdir /d && i=0 && while [ $i -lt 200 ]; do echo $i > /d/$i; i=$((i+1)); done && cat /nonce > /made
RUN sha256sum /made > /sum
`,
  })
}

/** What is wrong with the image of such a context: null when it says what it should. */
export async function wrongImage(cli: Cli, tag: string, nonce: string): Promise<string | null> {
  const ran = await inside(cli, tag, 'cat /nonce /sum && ls /d | wc -l')
  const sum = createHash('sha256').update(nonce).digest('hex')
  const right = `${nonce}${sum}  /made\n200\n`
  return ran.code === 0 && ran.stdout === right
    ? null
    : `${tag} says ${JSON.stringify(ran.stdout)} (exit ${ran.code}: ${ran.stderr}) and not ${JSON.stringify(right)}`
}

/** What a store must be after whatever happened: whole, with everything that was published. One line for each fault. */
export async function faultsOf({ cli, ids }: World): Promise<readonly string[]> {
  const faults = await fsckFaults(cli)
  const id = await idOf(cli, kept).catch(String)
  if (id !== ids.get(kept)) faults.push(`${kept} is ${id} and was ${ids.get(kept)}`)
  const read = await inside(
    cli,
    kept,
    'cat /many/* | wc -l && cmp /noise /a/b/hard && stat -c %a /a/b',
  )
  if (read.stdout !== '599\n4750\n') faults.push(`${kept} says ${read.stdout}${read.stderr}`)
  return faults
}

export async function fsckFaults(cli: Cli): Promise<string[]> {
  const fsck = await cli.run(['fsck'])
  return fsck.code === 0 ? [] : [`fsck: ${fsck.stdout}${fsck.stderr}`]
}

/** What outlived the commands that are over. */
export async function remainsOf({ cli }: World): Promise<readonly string[]> {
  const trash = readdirSync(join(cli.store, 'trash')).map((name) => `trash: ${name}`)
  return [...(await lasting(cli.store)), ...trash]
}

export async function idOf(cli: Cli, tag: string): Promise<string> {
  const [found] = JSON.parse(await cli.ok(['inspect', tag])) as [{ readonly Id: string }]
  return found.Id
}

function inside(cli: Cli, image: string, script: string): Promise<Ran> {
  return cli.run(['run', '--rm', '--network', 'none', image, 'sh', '-c', script])
}
