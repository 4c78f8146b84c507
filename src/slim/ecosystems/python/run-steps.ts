import {
  applyEdits,
  type Dockerfile,
  type Edit,
  type Flag,
  parseMountFlag,
  type RunInstruction,
} from '../../../dockerfile/index.ts'
import type { RunCommand } from '../../facts/index.ts'
import {
  editedSlice,
  leavesNothing,
  mountEdit,
  withoutCommands,
  withoutFlags,
} from '../../rewrite/index.ts'
import { installEdits, wheelEdits } from './pip-edits.ts'
import type { PipSource } from './pip-source.ts'
import type { RoledCommand, RoledRun } from './roles.ts'

export type RunText = {
  readonly dockerfile: Dockerfile
  readonly eol: string
  /** The builder's name, for `--mount=from=`. */
  readonly builder: string
  /** Directory of the wheels of each install. */
  readonly wheelDir: (source: PipSource) => string
}

/** A RUN that installs dependencies, in the builder: pip makes wheels, and nothing is cleaned up. */
export function builderEdits(
  run: RoledRun,
  instruction: RunInstruction,
  { dockerfile, eol, wheelDir }: RunText,
): readonly Edit[] | undefined {
  const commands = run.commands ?? []
  const cache = cacheMount(run)
  const gone = leaving(commands, (one) => isCleanup(one, cache !== null))
  const removed = withoutCommands(plain(commands), gone)
  if (!removed) return undefined
  const wheels = sourcesOf(commands).flatMap((one) =>
    wheelEdits(dockerfile.text, one, wheelDir(one)),
  )
  return [
    ...removed,
    ...wheels,
    ...mountEdit(dockerfile, instruction, cache === null ? [] : [cache], eol),
  ]
}

/**
 * A RUN as the runtime stage has it: dependencies come from the builder's wheels, commands for system packages and
 * tools are gone. @returns null when nothing is left, undefined when the commands cannot be taken apart
 */
export function runtimeText(
  run: RoledRun,
  instruction: RunInstruction,
  { dockerfile, eol, builder, wheelDir }: RunText,
): string | null | undefined {
  const commands = run.commands ?? []
  const sources = sourcesOf(commands)
  const gone = leaving(commands, ({ role }) => role.kind === 'system' || role.kind === 'pip-upkeep')
  const idle = leaving(
    commands,
    (one) => gone(one.command) || one.role.kind === 'shell-state' || one.role.kind === 'tool',
  )
  if (leavesNothing(plain(commands), idle)) return null
  const removed = withoutCommands(plain(commands), gone)
  if (!removed) return undefined
  const installs = sources.flatMap((one) => installEdits(dockerfile.text, one, wheelDir(one)))
  const mount = `--mount=type=bind,from=${builder},source=/wheels,target=/wheels`
  const edits = [
    ...removed,
    ...installs,
    ...withoutFlags(dockerfile, instruction, (flag) => sources.length > 0 && isBuildMount(flag)),
    ...mountEdit(dockerfile, instruction, sources.length > 0 ? [mount] : [], eol),
  ]
  return editedSlice(dockerfile.text, instruction.range, edits, applyEdits)
}

/** The dependency installs of a RUN, in order. */
export function sourcesOf(commands: readonly RoledCommand[]): readonly PipSource[] {
  return commands.flatMap(({ role }) => (role.kind === 'dependencies' ? [role.source] : []))
}

function plain(commands: readonly RoledCommand[]): readonly RunCommand[] {
  return commands.map((one) => one.command)
}

function leaving(
  commands: readonly RoledCommand[],
  leaves: (one: RoledCommand) => boolean,
): (command: RunCommand) => boolean {
  const gone = new Set(commands.filter(leaves).map((one) => one.command))
  return (command) => gone.has(command)
}

/** Removing tools from a builder is wasted time, and a mounted cache cannot be removed at all. */
function isCleanup({ command, role }: RoledCommand, cacheMounted: boolean): boolean {
  if (role.kind === 'pip-upkeep') return role.cache
  if (command.system?.kind === 'remove') return true
  return (
    cacheMounted &&
    command.system?.kind === 'clean' &&
    command.words.some((word) => word.text.includes('.cache'))
  )
}

/** pip's cache as a mount; null where the Dockerfile has one, switched the cache off, or moved it. */
function cacheMount({ facts }: RoledRun): string | null {
  const { env } = facts.before
  const own = facts.instruction.flags.some((flag) => mountType(flag) === 'cache')
  const home = env.get('HOME') ?? '/root'
  if (own || env.has('PIP_NO_CACHE_DIR') || env.has('XDG_CACHE_HOME') || home !== '/root')
    return null
  return `--mount=type=cache,target=${env.get('PIP_CACHE_DIR') ?? '/root/.cache/pip'}`
}

/** Caches, secrets and agents serve the download, which the runtime does not do. */
function isBuildMount(flag: Flag): boolean {
  const type = mountType(flag)
  return type === 'cache' || type === 'secret' || type === 'ssh'
}

function mountType(flag: Flag): string | null {
  return flag.name === 'mount' && flag.value !== null ? parseMountFlag(flag.value).value.type : null
}
