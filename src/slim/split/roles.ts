import type { InstructionFacts, RunCommand } from '../facts/index.ts'
import { isBuildTool } from '../system/index.ts'
import { changesOwners } from './owners.ts'
import type { Recipe, Role, RoledRun } from './types.ts'

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

export type RoleContext = {
  /** What cannot be taken apart is a tool's work as a whole, instead of a reason to refuse. */
  readonly opaque: boolean
  /** A RUN before this one builds or installs something that the runtime copies. */
  readonly built: boolean
  /** The ecosystem's own judgement, asked before the common one. */
  readonly role: Recipe['role']
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
  const role = judged(command, facts, context)
  return role.kind === 'refused' && context.opaque ? { kind: 'tool' } : role
}

function judged(command: RunCommand, facts: InstructionFacts, context: RoleContext): Role {
  if (command.inner.length > 0) return scriptRole(command, facts, context)
  if (command.system) return systemRole(command)
  const own = context.role?.(command, facts) ?? null
  if (own !== null) return own
  if (shellState.has(command.name)) return { kind: 'shell-state' }
  if (context.built && changesOwners(command)) return { kind: 'tool' }
  if (hidesInstaller(command))
    return {
      kind: 'refused',
      why: `${command.name} calls a package manager in a way that cannot be split`,
    }
  const program = command.words[0]?.value ?? ''
  return isBuildTool(program) && !context.inRuntime(program) ? { kind: 'tool' } : { kind: 'other' }
}

/** A script is what its commands are: a tool when one of them installs or builds, else the runtime runs it as well. */
function scriptRole(command: RunCommand, facts: InstructionFacts, context: RoleContext): Role {
  const roles = command.inner.map((one) => judged(one, facts, context).kind)
  const builds = roles.some((kind) => kind !== 'other' && kind !== 'shell-state')
  if (!builds) return { kind: 'other' }
  return context.opaque
    ? { kind: 'tool' }
    : {
        kind: 'refused',
        why: `${command.words.map((word) => word.text).join(' ')} installs or builds`,
      }
}

function systemRole(command: RunCommand): Role {
  const { system } = command
  if (system?.kind !== 'install') return { kind: 'system' }
  if (!command.plain)
    return {
      kind: 'refused',
      why: `${command.name} install stands in a condition, a loop or a pipe`,
    }
  if (system.packages === null)
    return { kind: 'refused', why: 'the packages it installs are not written out' }
  return { kind: 'system' }
}

/** `sudo pip install`, `xargs apt-get install`, `sh -c "pip install …"`. */
function hidesInstaller(command: RunCommand): boolean {
  const rest = command.words.slice(1).map((word) => word.value ?? word.text)
  return /^(?:sudo|xargs|env|sh|bash|eval|exec|nohup|time|conda|timeout)$/.test(command.name)
    ? rest.some((word) => /\b(?:pip3?|apt|apt-get)\b/.test(word))
    : false
}
