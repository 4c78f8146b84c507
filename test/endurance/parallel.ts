import { join } from 'node:path'
import { randomOf } from './random.ts'
import { faultsOf, freshContext, idOf, remainsOf, type World, wrongImage } from './world.ts'

export type ParallelReport = {
  readonly workers: number
  /** How often each command ran. */
  readonly commands: Readonly<Record<string, number>>
  readonly faults: readonly string[]
}

/** One command of a worker. @returns what is wrong with its outcome */
type Task = (
  world: World,
  worker: { readonly tag: string; readonly nonce: string },
) => Promise<string | null>

/**
 * Every worker builds an image of its own, again and again, and pulls, loads and prunes in between, all on one store. A
 * command that fails, an image that is not what its builder made, and whatever is left at the end are faults; workers
 * that wait for each other for ever would be one that ends nowhere.
 */
export async function workSideBySide(
  world: World,
  {
    workers,
    tasks,
    seed,
  }: { readonly workers: number; readonly tasks: number; readonly seed: number },
): Promise<ParallelReport> {
  const commands: Record<string, number> = {}
  const faults: string[] = []
  const worker = async (number: number): Promise<void> => {
    const random = randomOf(seed + number)
    for (let at = 0; at < tasks; at++) {
      // The first and the last task of everybody is a build: it is what may not be lost.
      const end = at === 0 || at === tasks - 1
      const [name, task] = choices[end ? 0 : Math.floor(random() * choices.length)] ?? [
        'build',
        build,
      ]
      commands[name] = (commands[name] ?? 0) + 1
      const self = { tag: `worker-${number}:1`, nonce: `worker ${number} task ${at}\n` }
      const wrong = await task(world, self).catch(String)
      if (wrong !== null) faults.push(`worker ${number}, ${name}: ${wrong}`)
    }
  }
  await Promise.all(Array.from({ length: workers }, (_, number) => worker(number)))
  for (let number = 0; number < workers; number++) {
    const wrong = await wrongImage(
      world.cli,
      `worker-${number}:1`,
      `worker ${number} task ${tasks - 1}\n`,
    )
    if (wrong !== null) faults.push(wrong)
  }
  faults.push(...(await faultsOf(world)), ...(await remainsOf(world)))
  return { workers, commands, faults }
}

const build: Task = async ({ cli, folder }, { tag, nonce }) => {
  const context = freshContext(join(folder, tag.replace(':', '-')), nonce)
  const { code, stderr } = await cli.run(['build', '-t', tag, context])
  return code === 0 ? wrongImage(cli, tag, nonce) : stderr
}

/** Everybody pulls the same image, which others remove meanwhile: it may be gone again, but never be another one. */
const bring =
  (commandOf: (world: World) => readonly string[], tagOf: (world: World) => string): Task =>
  async (world) => {
    const { code, stderr } = await world.cli.run(commandOf(world))
    if (code !== 0) return stderr
    const tag = tagOf(world)
    const id = await idOf(world.cli, tag).catch(() => null)
    return id === null || id === world.ids.get(tag) ? null : `${tag} is ${id}`
  }

const remove =
  (tagOf: (world: World) => string): Task =>
  async (world) => {
    const { code, stderr } = await world.cli.run(['rmi', tagOf(world)])
    return code === 0 || stderr.includes('IMAGE_NOT_FOUND') ? null : stderr
  }

const plain =
  (...command: readonly string[]): Task =>
  async ({ cli }) => {
    const { code, stdout, stderr } = await cli.run(command)
    return code === 0 ? null : stdout + stderr
  }

const pulledTag = ({ pulled }: World): string => pulled
const loadedTag = ({ loaded }: World): string => loaded

const choices: readonly (readonly [string, Task])[] = [
  ['build', build],
  ['pull', bring(({ pulled }) => ['pull', pulled], pulledTag)],
  ['load', bring(({ archive }) => ['load', '-i', archive], loadedTag)],
  ['rmi', remove(pulledTag)],
  ['rmi', remove(loadedTag)],
  ['prune', plain('prune', '-a')],
  ['prune', plain('prune')],
  ['image prune', plain('image', 'prune')],
  ['image ls', plain('image', 'ls')],
]
