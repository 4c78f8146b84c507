import {
  type Dockerfile,
  type EnvInstruction,
  expandWord,
  type LabelInstruction,
} from '../../dockerfile/index.ts'
import type { Fix, Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const legacyKeyValueFormat: Rule = {
  id: 'LegacyKeyValueFormat',
  description: 'Legacy key/value format with whitespace separator should not be used',
  url: dockerPage('legacy-key-value-format'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ dockerfile, visible }) {
    for (const { instruction, trigger } of visible.flatMap(({ instructions }) => instructions)) {
      if (instruction.kind !== 'env' && instruction.kind !== 'label') continue
      if (!instruction.legacy) continue
      const fix = trigger ? null : modern(dockerfile, instruction)
      const { keyword } = instruction
      yield {
        message: `"${keyword} key=value" should be used instead of legacy "${keyword} key value" format`,
        instruction,
        ...(fix ? { fix } : {}),
      }
    }
  },
}

/** `name="value"`, only where the value means the same between quotes: one line, no quotes, no escapes. */
function modern(
  dockerfile: Dockerfile,
  instruction: EnvInstruction | LabelInstruction,
): Fix | null {
  const [pair] = instruction.pairs
  const value = pair?.value ?? ''
  if (!pair || value.includes(dockerfile.escape) || /["'\n]/.test(value)) return null
  const { range } = pair
  const written = dockerfile.text.slice(range.start, range.end)
  if (!/^\S+[ \t]+/.test(written) || !written.endsWith(value) || written.includes('\n')) return null
  const bare = /^[\w./:@+-]+$/.test(value) ? value : `"${value}"`
  const lookup = (name: string): string => `<${name}>`
  const meaning = (text: string): string =>
    expandWord(text, lookup, { escape: dockerfile.escape }).value
  if (meaning(bare) !== meaning(value)) return null
  return {
    title: `Write ${pair.key}=${bare}`,
    safety: 'safe',
    edits: [{ range, text: `${pair.key}=${bare}` }],
  }
}
