import type { Rule } from '../types.ts'
import { finalInstructions } from './final-image.ts'

/** S11: `COPY . .` takes .git, node_modules and secrets along. */
export const wholeContextCopied: Rule = {
  id: 'WholeContextCopied',
  description: 'Copying the whole context needs a .dockerignore',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    // Undefined: nobody looked for an ignore file.
    if (facts.ignore !== null) return
    for (const { instruction, words } of finalInstructions(facts)) {
      if (instruction.kind !== 'copy' && instruction.kind !== 'add') continue
      if (instruction.flags.some(({ name }) => name === 'from' || name === 'exclude')) continue
      if (!words.some((word) => ['.', './', '/', '*', './*'].includes(word))) continue
      yield {
        message:
          'the whole context is copied and no .dockerignore keeps .git, caches and secrets out',
        instruction,
      }
    }
  },
}
