import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DockerDaemon, startDockerDaemon } from '../support/docker-daemon.ts'
import {
  type DockerRegistry,
  findDockerRegistry,
  startDockerRegistry,
} from '../support/docker-registry.ts'
import { type Cli, cliOn } from '../support/jettison.ts'
import { openPodman, type Podman } from '../support/podman.ts'
import type { Question, Runner } from './answer.ts'

/** Everything that images travel between. */
export type World = {
  /** Folder of everything here. */
  readonly home: string
  /** Where the images come from. */
  readonly jettison: Cli
  readonly docker: DockerDaemon
  readonly podman: Podman
  readonly registry: DockerRegistry
  readonly runners: { readonly docker: Runner; readonly podman: Runner }
  /** A folder that is gone afterwards, and an empty store in it: what arrives there has travelled. */
  elsewhere<T>(work: (place: Elsewhere) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export type Elsewhere = { readonly folder: string; readonly jettison: Cli; readonly runner: Runner }

/** An image of `world.jettison`, and what it answers there. */
export type Traveller = {
  readonly name: string
  readonly question: Question
  readonly answer: string
}

/** `store` is where the images come from; without one it is a new one. */
export async function openWorld(folder: string, store?: string): Promise<World> {
  mkdirSync(folder, { recursive: true })
  const home = mkdtempSync(join(folder, 'interchange-'))
  const found = findDockerRegistry()
  if ('missing' in found) throw new Error(found.missing)
  const closers: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const each of closers.reverse()) await each()
    rmSync(home, { recursive: true, force: true })
  }
  const opened = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const made = await opening
    closers.push(() => made.close())
    return made
  }
  try {
    const docker = await opened(startDockerDaemon(home))
    const podman = await opened(openPodman())
    const registry = await opened(startDockerRegistry(found.program))
    return {
      jettison: cliOn(store ?? join(home, 'store')),
      ...{ home, docker, podman, registry, close },
      runners: { docker: dockerRunner(docker.run), podman: dockerRunner(podman.run) },
      elsewhere: async (work) => {
        const place = mkdtempSync(join(home, 'elsewhere-'))
        const jettison = cliOn(join(place, 'store'))
        try {
          return await work({ folder: place, jettison, runner: jettisonRunner(jettison) })
        } finally {
          rmSync(place, { recursive: true, force: true })
        }
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Docker's command line, and podman's, which is the same. */
function dockerRunner(run: (args: readonly string[]) => Promise<string>): Runner {
  return {
    start: async (image) => (await run(['run', '-d', '--network', 'none', image])).trim(),
    pid: async (id) => Number(await run(['inspect', '-f', '{{.State.Pid}}', id])),
    logs: (id) => run(['logs', id]),
    remove: async (id) => void (await run(['rm', '-f', id])),
  }
}

export function jettisonRunner({ ok }: Cli): Runner {
  return {
    start: async (image) => (await ok(['run', '-d', '--network', 'none', image])).trim(),
    pid: async (id) => {
      const [found] = JSON.parse(await ok(['inspect', id])) as { State: { Pid: number } }[]
      return found?.State.Pid ?? 0
    },
    logs: (id) => ok(['logs', id]),
    remove: async (id) => void (await ok(['rm', '-f', id])),
  }
}
