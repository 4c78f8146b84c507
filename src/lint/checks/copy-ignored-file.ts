import { posix } from 'node:path'
import type { InstructionFacts } from '../facts/index.ts'
import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const copyIgnoredFile: Rule = {
  id: 'CopyIgnoredFile',
  description: 'Attempting to Copy file that is excluded by .dockerignore',
  url: dockerPage('copy-ignored-file'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ visible, ignore }) {
    // With a `!` pattern a directory may be excluded and what is in it not: text cannot tell.
    if (!ignore || ignore.negated) return
    const everything = ignore.set.patterns.some(({ text }) => ['*', '**', '**/*'].includes(text))
    for (const facts of visible.flatMap(({ instructions }) => instructions)) {
      for (const source of localSources(facts)) {
        const path = clean(source)
        if ((path === '.' || path === '/') && !everything) continue
        if (!ignore.set.excludes(path)) continue
        const command = facts.instruction.kind === 'add' ? 'Add' : 'Copy'
        yield {
          message: `Attempting to ${command} file ${JSON.stringify(path)} that is excluded by .dockerignore`,
          instruction: facts.instruction,
        }
      }
    }
  },
}

function localSources({ instruction, words }: InstructionFacts): readonly string[] {
  if (instruction.kind !== 'add' && instruction.kind !== 'copy') return []
  if (instruction.flags.some(({ name }) => name === 'from')) return []
  return words.filter((word) => !/^(?:https?|git|ssh):\/\/|^git@|\.git(?:#.*)?$/.test(word))
}

/** Go's filepath.Clean. */
function clean(path: string): string {
  const normal = posix.normalize(path)
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal
}
