import type { Dockerfile, Edit } from '../../../dockerfile/index.ts'
import type { InstructionFacts, RunCommand } from '../../facts/index.ts'
import { lineBreakOf, mountEdit, withoutCommands } from '../../rewrite/index.ts'
import type { Language } from './language.ts'

/**
 * Edits that give a RUN of the builder the caches of its language, and take out what empties them: nobody can remove
 * the place of a mount. Only root owns a fresh cache.
 */
export function cacheEdits(
  dockerfile: Dockerfile,
  at: InstructionFacts,
  { caches, cleans }: Language,
): readonly Edit[] {
  const { instruction, run, before } = at
  if (instruction.kind !== 'run' || !/^(?:|root|0)(?::|$)/.test(before.user)) return []
  const all = caches?.(at) ?? []
  const has = (target: string): boolean =>
    instruction.flags.some(({ name, value }) => name === 'mount' && (value ?? '').includes(target))
  const targets = all.filter((target) => !has(target))
  if (targets.length === 0) return []
  const commands = run?.commands ?? []
  const empties = (command: RunCommand): boolean =>
    cleans?.test(lineOf(command)) === true || removesOnly(command, all, before.env)
  const edits = withoutCommands(commands, empties)
  if (edits === undefined || commands.every(empties)) return []
  return [
    ...edits,
    ...mountEdit(
      dockerfile,
      instruction,
      targets.map((target) => `--mount=type=cache,target=${target}`),
      lineBreakOf(dockerfile.text),
    ),
  ]
}

/** `rm -rf` of a cache, or of something in it. */
function removesOnly(
  { name, words }: RunCommand,
  caches: readonly string[],
  env: ReadonlyMap<string, string>,
): boolean {
  if (name !== 'rm') return false
  const paths = words
    .slice(1)
    .filter(({ text }) => !text.startsWith('-'))
    .map(({ text }) => expanded(text, env))
  const ofCache = (path: string): boolean =>
    caches.some((cache) => path === cache || path.startsWith(`${cache}/`))
  return paths.length > 0 && paths.every(ofCache)
}

function expanded(text: string, env: ReadonlyMap<string, string>): string {
  return text
    .replace(/["']/g, '')
    .replace(/^~(?=\/)/, '/root')
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
      const name = braced ?? bare ?? ''
      return env.get(name) ?? (name === 'HOME' ? '/root' : whole)
    })
}

function lineOf({ name, words }: RunCommand): string {
  return [name, ...words.slice(1).map(({ text }) => text)].join(' ')
}
