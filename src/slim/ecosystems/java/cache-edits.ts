import type { Dockerfile, Edit } from '../../../dockerfile/index.ts'
import type { InstructionFacts, RunCommand } from '../../facts/index.ts'
import { lineBreakOf, mountEdit, withoutCommands } from '../../rewrite/index.ts'

/**
 * Edits of a RUN in the builder, when root runs it and it calls Maven or Gradle: a cache mount where they keep what they
 * have downloaded, and no `rm` of that, which a mount does not allow.
 */
export function cacheEdits(dockerfile: Dockerfile, at: InstructionFacts): readonly Edit[] {
  const { instruction, run, before } = at
  if (instruction.kind !== 'run' || !/^(?:|root|0)(?::|$)/.test(before.user)) return []
  const commands = run?.commands ?? []
  const names = new Set(commands.map(({ name }) => name.replace(/w$/, '')))
  const has = (target: string): boolean =>
    instruction.flags.some(({ name, value }) => name === 'mount' && (value ?? '').includes(target))
  const targets = [
    ...(names.has('mvn') ? ['/root/.m2'] : []),
    ...(names.has('gradle') ? [before.env.get('GRADLE_USER_HOME') ?? '/root/.gradle'] : []),
  ].filter((target) => !has(target))
  if (targets.length === 0) return []
  const kept = commands.some((command) => !cleansCache(command))
  return [
    ...(kept ? (withoutCommands(commands, cleansCache) ?? []) : []),
    ...mountEdit(
      dockerfile,
      instruction,
      targets.map((target) => `--mount=type=cache,target=${target}`),
      lineBreakOf(dockerfile.text),
    ),
  ]
}

function cleansCache({ name, words }: RunCommand): boolean {
  const paths = words.slice(1).filter(({ text }) => !text.startsWith('-'))
  return (
    name === 'rm' &&
    paths.length > 0 &&
    paths.every(({ text }) =>
      /^(?:~|\$HOME|\$\{HOME\}|\/root)\/\.(?:m2|gradle)(?:\/\S*)?$/.test(text),
    )
  )
}
