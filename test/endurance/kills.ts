import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cli } from '../support/jettison.ts'
import { randomOf } from './random.ts'
import {
  faultsOf,
  freshContext,
  fsckFaults,
  idOf,
  remainsOf,
  type World,
  wrongImage,
} from './world.ts'

/** A command that is killed: what has to be so before it, and what must be true when it has been run again. */
type Victim = {
  readonly name: string
  readonly prepare: (world: World, nonce: string) => Promise<void>
  readonly command: (world: World) => readonly string[]
  /** Runs it again, this time to the end. @returns what is wrong then */
  readonly again: (world: World, nonce: string) => Promise<string | null>
}

const work = 'work:1'
const contextOf = (world: World): string => join(world.folder, 'context')
const outOf = (world: World): string => join(world.folder, 'out.tar')

function slimOf(world: World): readonly string[] {
  return ['slim', '--json', '--progress', 'quiet', contextOf(world)]
}

const runArgs = ['run', '--rm', '--name', 'victim', '--network', 'none', 'kept:1', 'sh', '-c']

const victims: readonly Victim[] = [
  {
    name: 'build',
    prepare: async (world, nonce) => void freshContext(contextOf(world), nonce),
    command: (world) => ['build', '-t', work, contextOf(world)],
    again: async (world, nonce) => {
      const context = freshContext(contextOf(world), nonce)
      const { code, stderr } = await world.cli.run(['build', '-t', work, context])
      return code === 0 ? wrongImage(world.cli, work, nonce) : stderr
    },
  },
  {
    name: 'pull',
    prepare: ({ cli, pulled }) => without(cli, pulled),
    command: ({ pulled }) => ['pull', pulled],
    again: (world) => same(world, ['pull', world.pulled], world.pulled),
  },
  {
    name: 'load',
    prepare: ({ cli, loaded }) => without(cli, loaded),
    command: ({ archive }) => ['load', '-i', archive],
    again: (world) => same(world, ['load', '-i', world.archive], world.loaded),
  },
  {
    name: 'rmi',
    prepare: async ({ cli, loaded, archive }) => {
      if (!(await has(cli, loaded))) await cli.ok(['load', '-i', archive])
    },
    command: ({ loaded }) => ['rmi', loaded],
    again: async ({ cli, loaded }) => {
      await without(cli, loaded)
      return (await has(cli, loaded)) ? `${loaded} is still there` : null
    },
  },
  {
    name: 'prune',
    prepare: async (world, nonce) => {
      for (const part of ['a', 'b'])
        await world.cli.ok(['build', '-t', work, freshContext(contextOf(world), nonce + part)])
      await without(world.cli, world.loaded)
    },
    command: () => ['prune', '-a'],
    again: async ({ cli }) => {
      const { code, stderr } = await cli.run(['prune', '-a'])
      return code === 0 ? null : stderr
    },
  },
  {
    name: 'push',
    prepare: async ({ cli, folder, pushed }, nonce) => {
      await cli.ok(['build', '-t', pushed, freshContext(join(folder, 'pushed'), nonce)])
    },
    command: ({ pushed }) => ['push', pushed],
    again: async (world) => {
      const id = await idOf(world.cli, world.pushed)
      const pushed = await world.cli.run(['push', world.pushed])
      if (pushed.code !== 0) return pushed.stderr
      await without(world.cli, world.pushed)
      await world.cli.ok(['pull', world.pushed])
      const back = await idOf(world.cli, world.pushed)
      return back === id ? null : `${world.pushed} was ${id} and came back as ${back}`
    },
  },
  {
    name: 'save',
    prepare: async (world) => rmSync(outOf(world), { force: true }),
    command: (world) => ['save', '-o', outOf(world), 'kept:1'],
    again: (world) => same(world, ['save', '-o', outOf(world), 'kept:1'], 'kept:1'),
  },
  {
    name: 'run',
    prepare: async () => {},
    command: () => [...runArgs, 'i=0; while [ $i -lt 2000 ]; do echo $i > /f$i; i=$((i+1)); done'],
    again: async ({ cli }) => {
      const listed = await cli.run(['ps', '-aq'])
      if (listed.stdout !== '') return `ps -a still lists ${listed.stdout}`
      const { code, stdout, stderr } = await cli.run([...runArgs, 'ls -d /f* /many'])
      return stdout === '/many\n' ? null : `run again: exit ${code}, ${stdout}${stderr}`
    },
  },
  {
    name: 'slim',
    prepare: async (world, nonce) => void freshContext(contextOf(world), nonce),
    command: slimOf,
    again: async (world, nonce) => {
      freshContext(contextOf(world), nonce)
      const { code, stdout, stderr } = await world.cli.run(slimOf(world))
      // There is nothing to gain on busybox; what has to be made and read first is all of it.
      return code === 3 && stdout.includes('"unsupported-base"')
        ? null
        : `slim again: exit ${code}, ${stdout}${stderr}`
    },
  },
]

export type KillReport = {
  readonly rounds: number
  /** For each command: how often it was killed, and how often it was quicker than we. */
  readonly commands: Readonly<Record<string, { readonly killed: number; readonly ended: number }>>
  readonly faults: readonly string[]
}

/**
 * Kills commands with SIGKILL at random moments. After each: the store is whole, what was published is there, the next
 * build is right, the command does its work when it is run again, and nothing of the dead is left.
 */
export async function killRandomly(
  world: World,
  {
    rounds,
    seed,
    onRound = () => {},
  }: {
    readonly rounds: number
    readonly seed: number
    readonly onRound?: (round: number, name: string, faults: readonly string[]) => void
  },
): Promise<KillReport> {
  const random = randomOf(seed)
  const commands: Record<string, { killed: number; ended: number }> = {}
  const faults: string[] = []
  const usual = new Map<string, number>()
  for (let round = 1; round <= rounds; round++) {
    const victim = victims[Math.floor(random() * victims.length)]
    const part = random()
    if (!victim) continue
    const { name } = victim
    if (!usual.has(name)) usual.set(name, await durationOf(world, victim))
    const delay = part * 1.05 * (usual.get(name) ?? 0)
    const { killed, wrong } = await oneRound(world, victim, { round, delay })
    commands[name] ??= { killed: 0, ended: 0 }
    commands[name][killed ? 'killed' : 'ended'] += 1
    const found = wrong.map(
      (text) => `round ${round}, ${name} killed after ${Math.round(delay)} ms: ${text}`,
    )
    faults.push(...found)
    onRound(round, name, found)
  }
  return { rounds, commands, faults }
}

/** How long the command takes when nobody kills it: the moments are spread over all of it. */
async function durationOf(world: World, victim: Victim): Promise<number> {
  await victim.prepare(world, `measure ${victim.name}\n`)
  const start = performance.now()
  await world.cli.run(victim.command(world))
  return performance.now() - start
}

async function oneRound(
  world: World,
  victim: Victim,
  { round, delay }: { readonly round: number; readonly delay: number },
): Promise<{ readonly killed: boolean; readonly wrong: readonly string[] }> {
  const { cli } = world
  const nonce = `round ${round}\n`
  await victim.prepare(world, nonce)
  const started = cli.start(victim.command(world))
  await sleep(delay)
  const killed = started.child.kill('SIGKILL')
  await started.ended
  const wrong = [...(await faultsOf(world))]
  const note = (text: string | null): void => void (text === null || wrong.push(text))
  const next = `after ${nonce}`
  const built = await cli.run(['build', '-t', work, freshContext(contextOf(world), next)])
  note(
    built.code === 0 ? await wrongImage(cli, work, next) : `the next build fails: ${built.stderr}`,
  )
  note(await victim.again(world, nonce).catch((error: unknown) => `run again: ${String(error)}`))
  wrong.push(...(await fsckFaults(cli)), ...(await remainsOf(world)))
  return { killed, wrong }
}

async function has(cli: Cli, tag: string): Promise<boolean> {
  return (await cli.run(['inspect', tag])).code === 0
}

async function without(cli: Cli, tag: string): Promise<void> {
  if (await has(cli, tag)) await cli.ok(['rmi', tag])
}

/** Runs a command to its end. @returns what is wrong: it fails, or the image is another one afterwards */
async function same(
  { cli, ids }: World,
  command: readonly string[],
  tag: string,
): Promise<string | null> {
  const { code, stderr } = await cli.run(command)
  if (code !== 0) return `${command.join(' ')} fails when it is run again: ${stderr}`
  const id = await idOf(cli, tag)
  return id === ids.get(tag) ? null : `${tag} is ${id} and should be ${ids.get(tag)}`
}
