import type { Instruction } from '../../dockerfile/index.ts'
import type { Fix, Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const undefinedVar: Rule = {
  id: 'UndefinedVar',
  description: 'Variables should be defined before their use',
  url: dockerPage('undefined-var'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ dockerfile, visible }) {
    for (const { instruction, undefinedNames, trigger } of visible.flatMap(
      ({ instructions }) => instructions,
    )) {
      for (const { name, suggestion } of undefinedNames) {
        const fix =
          suggestion === null || trigger
            ? null
            : rename(dockerfile.text, instruction, name, suggestion)
        yield {
          message: `Usage of undefined variable '$${name}'${suggestion === null ? '' : ` (did you mean $${suggestion}?)`}`,
          instruction,
          ...(fix ? { fix } : {}),
        }
      }
    }
  },
}

/** Replaces the name where it is used, when it is used once. */
function rename(text: string, { range }: Instruction, name: string, by: string): Fix | null {
  const written = text.slice(range.start, range.end)
  const uses = [...written.matchAll(new RegExp(`\\$\\{?${name}(?![A-Za-z0-9_])`, 'g'))]
  const [use, ...others] = uses
  if (!use || others.length > 0) return null
  const end = range.start + use.index + use[0].length
  return {
    title: `Write ${by}`,
    safety: 'suggestion',
    edits: [{ range: { start: end - name.length, end }, text: by }],
  }
}
