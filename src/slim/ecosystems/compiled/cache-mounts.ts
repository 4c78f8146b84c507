import type { Dockerfile, Edit } from '../../../dockerfile/index.ts'
import type { InstructionFacts } from '../../facts/index.ts'
import { lineBreakOf, mountEdit } from '../../rewrite/index.ts'
import type { Language } from './language.ts'

/** Edits that give a RUN of the builder the caches of its language. Only root owns a fresh cache. */
export function cacheEdits(
  dockerfile: Dockerfile,
  at: InstructionFacts,
  { caches }: Language,
): readonly Edit[] {
  const { instruction, before } = at
  if (instruction.kind !== 'run' || !/^(?:|root|0)(?::|$)/.test(before.user)) return []
  const has = (target: string): boolean =>
    instruction.flags.some(({ name, value }) => name === 'mount' && (value ?? '').includes(target))
  const targets = (caches?.(at) ?? []).filter((target) => !has(target))
  return mountEdit(
    dockerfile,
    instruction,
    targets.map((target) => `--mount=type=cache,target=${target}`),
    lineBreakOf(dockerfile.text),
  )
}
