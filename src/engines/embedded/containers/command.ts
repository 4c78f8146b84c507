import { Fault } from '../../../base/index.ts'
import { homeOf, resolveUser, type User } from '../../../build/index.ts'
import type { ContainerConfig, FileTree } from '../../../image/index.ts'

/** What a user may say about the process of a container, over the image's configuration. */
export type CommandOverrides = {
  /** Replaces Cmd. */
  readonly command?: readonly string[]
  /** Replaces Entrypoint, and drops the image's Cmd as Docker does; `[]` or `['']` clears it. */
  readonly entrypoint?: readonly string[]
  /** `KEY=value`; a later one wins over the image's. */
  readonly env?: readonly string[]
  /** `name|uid[:group|gid]` */
  readonly user?: string
  readonly workdir?: string
}

export type ContainerCommand = {
  readonly argv: readonly string[]
  readonly env: readonly string[]
  readonly cwd: string
  readonly user: User
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/**
 * Entrypoint and Cmd put together as Docker does, with its environment: PATH, HOSTNAME, the image's, the user's, HOME.
 * @throws Fault NO_COMMAND, USER_NOT_FOUND
 */
export function containerCommand(
  config: ContainerConfig,
  overrides: CommandOverrides,
  inside: { readonly tree: FileTree; readonly hostname: string; readonly terminal: boolean },
): ContainerCommand {
  const replaced = overrides.entrypoint !== undefined
  const entrypoint = (replaced ? overrides.entrypoint : config.Entrypoint) ?? []
  const command = overrides.command ?? (replaced ? [] : config.Cmd) ?? []
  const argv = [...entrypoint.filter((word, at) => at > 0 || word !== ''), ...command]
  if (argv.length === 0)
    throw new Fault(
      'NO_COMMAND',
      'no command specified: the image has neither CMD nor ENTRYPOINT',
      {
        kind: 'invalid',
        hint: 'give a command after the image',
      },
    )
  const user = resolveUser(inside.tree, overrides.user ?? config.User ?? '')
  const env = mergeEnv([
    `PATH=${defaultPath}`,
    `HOSTNAME=${inside.hostname}`,
    ...(inside.terminal ? ['TERM=xterm'] : []),
    ...(config.Env ?? []),
    ...(overrides.env ?? []),
  ])
  return {
    argv,
    env: withHome(env, inside.tree, user),
    cwd: overrides.workdir ?? (config.WorkingDir || '/'),
    user,
  }
}

/** HOME of the user's own passwd line, unless it is set already (runc does the same). */
export function withHome(env: readonly string[], tree: FileTree, user: User): readonly string[] {
  return env.some((line) => line.startsWith('HOME='))
    ? env
    : [...env, `HOME=${homeOf(tree, user.uid)}`]
}

/** Later values win and take the place of the first. */
export function mergeEnv(lines: readonly string[]): readonly string[] {
  const merged = new Map<string, string>()
  for (const line of lines) {
    const at = line.indexOf('=')
    if (at > 0) merged.set(line.slice(0, at), line)
  }
  return [...merged.values()]
}
