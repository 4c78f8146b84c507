import {
  applyEdits,
  type Dockerfile,
  type Edit,
  type Flag,
  parseMountFlag,
  type RunInstruction,
} from '../../dockerfile/index.ts'
import type { RunCommand } from '../facts/index.ts'
import {
  editedSlice,
  leavesNothing,
  mountEdit,
  withoutCommands,
  withoutFlags,
} from '../rewrite/index.ts'
import type { Preparation, Prepared, RoledCommand, RoledRun } from './types.ts'

export type RunText = {
  readonly dockerfile: Dockerfile
  readonly eol: string
  /** The builder's name, for `--mount=from=`. */
  readonly builder: string
  readonly prepare: Preparation | undefined
}

/** A RUN that prepares, in the builder: edited commands, and nothing is cleaned up. */
export function builderEdits(
  run: RoledRun,
  instruction: RunInstruction,
  { dockerfile, eol, prepare }: RunText,
): readonly Edit[] | undefined {
  const commands = run.commands ?? []
  const cache = prepare?.cacheMount(run) ?? null
  const gone = leaving(commands, (one) => isCleanup(one, cache !== null))
  const removed = withoutCommands(plain(commands), gone)
  if (!removed) return undefined
  return [
    ...removed,
    ...preparedOf(run, prepare).flatMap((one) => one.builder),
    ...mountEdit(dockerfile, instruction, cache === null ? [] : [cache], eol),
  ]
}

/**
 * A RUN as the runtime stage has it: what was prepared comes from the builder, commands for system packages and tools
 * are gone. @returns null when nothing is left, undefined when the commands cannot be taken apart
 */
export function runtimeText(
  run: RoledRun,
  instruction: RunInstruction,
  { dockerfile, eol, builder, prepare }: RunText,
): string | null | undefined {
  const commands = run.commands ?? []
  const prepared = preparedOf(run, prepare)
  const gone = leaving(commands, ({ role }) => role.kind === 'system' || role.kind === 'upkeep')
  const idle = leaving(
    commands,
    (one) => gone(one.command) || one.role.kind === 'shell-state' || one.role.kind === 'tool',
  )
  if (leavesNothing(plain(commands), idle)) return null
  const removed = withoutCommands(plain(commands), gone)
  if (!removed) return undefined
  const takes = prepared.length > 0
  const edits = [
    ...removed,
    ...prepared.flatMap((one) => one.runtime),
    ...withoutFlags(dockerfile, instruction, (flag) => takes && isBuildMount(flag)),
    ...mountEdit(dockerfile, instruction, takes ? (prepare?.mounts(builder) ?? []) : [], eol),
  ]
  return editedSlice(dockerfile.text, instruction.range, edits, applyEdits)
}

const makesAccounts = /^(?:useradd|adduser|groupadd|addgroup|usermod|passwd|chpasswd|chsh)$/

/** The commands of a RUN that make users and groups. @returns as `runtimeText` does */
export function accountsText(
  { commands }: RoledRun,
  instruction: RunInstruction,
  { dockerfile }: RunText,
): string | null | undefined {
  const all = plain(commands ?? [])
  if (!all.some((one) => makesAccounts.test(one.name))) return null
  const removed = withoutCommands(all, (one) => !makesAccounts.test(one.name))
  if (!removed) return undefined
  const edits = [...removed, ...withoutFlags(dockerfile, instruction, () => true)]
  return editedSlice(dockerfile.text, instruction.range, edits, applyEdits)
}

/** The prepared commands of a RUN, in order. */
export function preparedOf(
  { commands }: RoledRun,
  prepare: Preparation | undefined,
): readonly Prepared[] {
  return (commands ?? []).flatMap(({ command, role }) => {
    const one = role.kind === 'prepared' ? prepare?.of(command) : undefined
    return one ? [one] : []
  })
}

/** Type of a `--mount` flag, null for every other flag. */
export function mountType(flag: Flag): string | null {
  return flag.name === 'mount' && flag.value !== null ? parseMountFlag(flag.value).value.type : null
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
  if (role.kind === 'upkeep') return role.cache
  if (command.system?.kind === 'remove') return true
  return (
    cacheMounted &&
    command.system?.kind === 'clean' &&
    command.words.some((word) => word.text.includes('.cache'))
  )
}

/** Caches, secrets and agents serve the download, which the runtime does not do. */
function isBuildMount(flag: Flag): boolean {
  const type = mountType(flag)
  return type === 'cache' || type === 'secret' || type === 'ssh'
}
