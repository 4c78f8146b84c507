import type { Edit } from '../../../dockerfile/index.ts'
import type { InstructionFacts, RunCommand } from '../../facts/index.ts'
import { mountType, type Preparation, type Role, type RoledRun } from '../../split/index.ts'
import type { PlanInput } from '../../types.ts'
import { pipCommand } from './pip-command.ts'
import { installEdits, wheelEdits } from './pip-edits.ts'
import { type PipSource, pipSource } from './pip-source.ts'

/** The wheelhouse style: `pip wheel` in the builder, `pip install --no-index` from a bind mount in the runtime. */
export type Wheels = {
  readonly role: (command: RunCommand, at: InstructionFacts) => Role | null
  readonly prepare: Preparation
  /** The installs that were met so far, in the order of the Dockerfile. */
  readonly sources: () => readonly PipSource[]
}

/** Judges pip commands, and remembers the installs among them. */
export function wheelsOf({ facts, fatTree: tree }: PlanInput): Wheels {
  const context = { tree, context: facts.context, escape: facts.dockerfile.escape }
  const { text } = facts.dockerfile
  const sources = new Map<RunCommand, PipSource>()
  const dirOf = (source: PipSource): string => wheelDir([...sources.values()], source)
  return {
    sources: () => [...sources.values()],
    role: (command, at) => {
      const role = roleOf(command, at, context)
      if (role === null || !('source' in role)) return role
      sources.set(command, role.source)
      return { kind: 'prepared' }
    },
    prepare: {
      of: (command) => {
        const source = sources.get(command)
        return (
          source && {
            builder: wheelEdits(text, source, dirOf(source)),
            runtime: installEdits(text, source, dirOf(source)) satisfies readonly Edit[],
            reads: source.files,
            readsProject: source.requirements.some(({ kind }) => kind === 'path'),
          }
        )
      },
      cacheMount,
      mounts: (builder) => [`--mount=type=bind,from=${builder},source=/wheels,target=/wheels`],
    },
  }
}

function roleOf(
  command: RunCommand,
  at: InstructionFacts,
  context: Parameters<typeof pipSource>[2],
): Role | { readonly source: PipSource } | null {
  const pip = pipCommand(command)
  if (pip?.kind === 'harmless')
    return { kind: 'upkeep', cache: command.words.some((word) => word.text === 'cache') }
  if (pip?.kind === 'other')
    return pip.verb === 'uninstall' || pip.verb === 'config'
      ? { kind: 'other' }
      : { kind: 'refused', why: `pip ${pip.verb} has no counterpart in a split build` }
  if (!pip) return runsSetup(command) ? { kind: 'tool' } : null
  if (!command.plain)
    return { kind: 'refused', why: 'pip install stands in a condition, a loop or a pipe' }
  const [unknown] = pip.install.unknown
  if (unknown !== undefined)
    return { kind: 'refused', why: `pip install has the unknown option ${unknown}` }
  const source = pipSource(pip.install, at, context)
  if (source.requirements.some((one) => one.editable))
    return {
      kind: 'refused',
      why: 'an editable install (-e) runs from its sources, which wheels do not keep',
    }
  return source.toolsOnly ? { kind: 'upkeep', cache: false } : { source }
}

function runsSetup(command: RunCommand): boolean {
  const script = command.words[1]?.value ?? ''
  return /^python/.test(command.name) && /(?:^|\/)setup\.py$/.test(script)
}

/** One directory for all; an install by file gets its own when there are others, or it would install theirs as well. */
function wheelDir(all: readonly PipSource[], source: PipSource): string {
  return source.byFile === null || all.length === 1
    ? '/wheels'
    : `/wheels/${all.indexOf(source) + 1}`
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
