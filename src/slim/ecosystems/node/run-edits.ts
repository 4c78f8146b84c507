import type { Dockerfile, Edit } from '../../../dockerfile/index.ts'
import type { InstructionFacts, RunCommand } from '../../facts/index.ts'
import { lineBreakOf, mountEdit, withoutCommands } from '../../rewrite/index.ts'
import { type Manager, managerCommand } from './manager-command.ts'
import { asRoot } from './prune.ts'

/** Where each package manager keeps what it has downloaded, for root. */
const caches: Readonly<Record<Manager, string>> = {
  npm: '/root/.npm',
  yarn: '/usr/local/share/.cache/yarn',
  pnpm: '/root/.local/share/pnpm/store',
}

/**
 * Edits of a RUN in the builder: a cache mount for each manager that installs in it, and no `npm cache clean`, which
 * would empty that.
 */
export function cacheEdits(dockerfile: Dockerfile, at: InstructionFacts): readonly Edit[] {
  const { instruction, run } = at
  if (instruction.kind !== 'run' || !run?.commands || !asRoot(at)) return []
  const { commands } = run
  const managers = new Set(
    commands.flatMap((command) => {
      const call = managerCommand(command)
      return call?.kind === 'install' || call?.kind === 'global' ? [call.manager] : []
    }),
  )
  const has = (target: string): boolean =>
    instruction.flags.some(({ name, value }) => name === 'mount' && (value ?? '').includes(target))
  const targets = [...managers].map((one) => caches[one]).filter((target) => !has(target))
  if (targets.length === 0) return []
  const cleans = (command: RunCommand): boolean => {
    const call = managerCommand(command)
    return call?.kind === 'upkeep' && call.verb === 'cache'
  }
  const kept = commands.some((command) => !cleans(command))
  return [
    ...(kept ? (withoutCommands(commands, cleans) ?? []) : []),
    ...mountEdit(
      dockerfile,
      instruction,
      targets.map((target) => `--mount=type=cache,target=${target}`),
      lineBreakOf(dockerfile.text),
    ),
  ]
}
