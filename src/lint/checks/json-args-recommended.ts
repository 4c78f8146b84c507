import type { CmdInstruction, EntrypointInstruction } from '../../dockerfile/index.ts'
import type { Fix, Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const jsonArgsRecommended: Rule = {
  id: 'JSONArgsRecommended',
  description:
    'JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals',
  url: dockerPage('json-args-recommended'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ dockerfile, visible }) {
    for (const { instruction, ownShell } of visible.flatMap(({ instructions }) => instructions)) {
      if (instruction.kind !== 'cmd' && instruction.kind !== 'entrypoint') continue
      // An explicit SHELL shows that the shell form is meant.
      if (instruction.command.form === 'exec' || ownShell) continue
      const fix = asJson(dockerfile.text, instruction)
      yield {
        message: `JSON arguments recommended for ${instruction.keyword} to prevent unintended behavior related to OS signals`,
        instruction,
        ...(fix ? { fix } : {}),
      }
    }
  },
}

/** Plain words only, on one line: anything else needs the shell. */
function asJson(text: string, instruction: CmdInstruction | EntrypointInstruction): Fix | null {
  const { range, keyword, rest } = instruction
  const start = range.start + text.slice(range.start, range.end).indexOf(rest, keyword.length)
  const written = text.slice(start, start + rest.length)
  if (rest === '' || written !== rest || !/^[\w@%+=:,./-]+(?: +[\w@%+=:,./-]+)*$/.test(rest))
    return null
  if (/^(?:exec|cd|export|source|\.) /.test(rest) || /^\w+=/.test(rest)) return null
  const argv = rest.split(/ +/).map((word) => JSON.stringify(word))
  return {
    title: 'Write it as JSON',
    safety: 'suggestion',
    edits: [{ range: { start, end: start + rest.length }, text: `[${argv.join(', ')}]` }],
  }
}
