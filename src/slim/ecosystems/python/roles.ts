import type { InstructionFacts, RunCommand } from '../../facts/index.ts'
import { isBuildTool } from '../../system/index.ts'
import { pipCommand } from './pip-command.ts'
import { type PipSource, pipSource } from './pip-source.ts'

/** What a command of a RUN is for, as far as the split is concerned. */
export type Role =
  | { readonly kind: 'system' }
  /** Installs what the app needs. */
  | { readonly kind: 'dependencies'; readonly source: PipSource }
  /** Upgrades pip and its tools, purges its cache, lists: the builder's business only. */
  | { readonly kind: 'pip-upkeep'; readonly cache: boolean }
  /** Changes the shell itself: `cd`, `export`, `set`. Means nothing alone. */
  | { readonly kind: 'shell-state' }
  /** Compiles, fetches or unpacks with a program that the runtime does not have. */
  | { readonly kind: 'tool' }
  | { readonly kind: 'other' }
  | { readonly kind: 'refused'; readonly why: string }

export type RoledCommand = { readonly command: RunCommand; readonly role: Role }

/** A RUN with the role of each command; `commands` is null when its script could not be read. */
export type RoledRun = {
  readonly facts: InstructionFacts
  readonly commands: readonly RoledCommand[] | null
}

const shellState: ReadonlySet<string> = new Set([
  '.',
  ':',
  'cd',
  'export',
  'popd',
  'pushd',
  'set',
  'shopt',
  'source',
  'true',
  'ulimit',
  'umask',
  'unset',
])

export type RoleContext = Parameters<typeof pipSource>[2] & {
  /** True for a program that the runtime stage will have: in the lean base or in a package the user named. */
  readonly inRuntime: (program: string) => boolean
}

/** Decides what each command of a RUN is for. */
export function rolesOf(facts: InstructionFacts, context: RoleContext): RoledRun {
  const commands = facts.run?.commands ?? null
  return {
    facts,
    commands:
      commands?.map((command) => ({ command, role: roleOf(command, facts, context) })) ?? null,
  }
}

function roleOf(command: RunCommand, facts: InstructionFacts, context: RoleContext): Role {
  if (command.system) return systemRole(command)
  const pip = pipCommand(command)
  if (pip?.kind === 'harmless') return upkeep(command)
  if (pip?.kind === 'other')
    return pip.verb === 'uninstall' || pip.verb === 'config'
      ? { kind: 'other' }
      : { kind: 'refused', why: `pip ${pip.verb} has no counterpart in a split build` }
  if (pip) {
    if (!command.plain)
      return { kind: 'refused', why: 'pip install stands in a condition, a loop or a pipe' }
    const [unknown] = pip.install.unknown
    if (unknown !== undefined)
      return { kind: 'refused', why: `pip install has the unknown option ${unknown}` }
    const source = pipSource(pip.install, facts, context)
    return source.toolsOnly
      ? { kind: 'pip-upkeep', cache: false }
      : { kind: 'dependencies', source }
  }
  if (shellState.has(command.name)) return { kind: 'shell-state' }
  const program = command.words[0]?.value ?? ''
  if (hidesInstaller(command))
    return {
      kind: 'refused',
      why: `${command.name} calls a package manager in a way that cannot be split`,
    }
  if (isToolCall(command) && !context.inRuntime(program)) return { kind: 'tool' }
  return { kind: 'other' }
}

function systemRole(command: RunCommand): Role {
  const { system } = command
  if (system?.kind !== 'install') return { kind: 'system' }
  if (!command.plain)
    return { kind: 'refused', why: 'apt-get install stands in a condition, a loop or a pipe' }
  if (system.packages === null)
    return { kind: 'refused', why: 'the packages it installs are not written out' }
  return { kind: 'system' }
}

function upkeep(command: RunCommand): Role {
  return { kind: 'pip-upkeep', cache: command.words.some((word) => word.text === 'cache') }
}

function isToolCall(command: RunCommand): boolean {
  const program = command.words[0]?.value ?? ''
  if (isBuildTool(program)) return true
  const script = command.words[1]?.value ?? ''
  return /^python/.test(command.name) && /(?:^|\/)setup\.py$/.test(script)
}

/** `sudo pip install`, `xargs apt-get install`, `sh -c "pip install …"`. */
function hidesInstaller(command: RunCommand): boolean {
  const rest = command.words.slice(1).map((word) => word.value ?? word.text)
  return /^(?:sudo|xargs|env|sh|bash|eval|exec|nohup|time|conda|timeout)$/.test(command.name)
    ? rest.some((word) => /\b(?:pip3?|apt|apt-get)\b/.test(word))
    : false
}
