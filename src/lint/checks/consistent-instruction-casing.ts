import type { Instruction } from '../../dockerfile/index.ts'
import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const consistentInstructionCasing: Rule = {
  id: 'ConsistentInstructionCasing',
  description:
    'All commands within the Dockerfile should use the same casing (either upper or lower)',
  url: dockerPage('consistent-instruction-casing'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'text',
  *check({ stages }) {
    const all = stages.flatMap(({ stage }) => [stage.from, ...stage.instructions])
    const count = (change: (keyword: string) => string): number =>
      all.filter(({ keyword }) => change(keyword) === keyword).length
    const lower =
      count((keyword) => keyword.toLowerCase()) > count((keyword) => keyword.toUpperCase())
    for (const instruction of all) {
      const wanted = lower ? instruction.keyword.toLowerCase() : instruction.keyword.toUpperCase()
      if (wanted === instruction.keyword) continue
      const range = keywordRange(instruction)
      yield {
        message: `Command '${instruction.keyword}' should match the case of the command majority (${lower ? 'lowercase' : 'uppercase'})`,
        instruction,
        range,
        silencedBy: null,
        fix: { title: `Write ${wanted}`, safety: 'safe', edits: [{ range, text: wanted }] },
      }
    }
  },
}

function keywordRange({ keyword, range }: Instruction): { start: number; end: number } {
  return { start: range.start, end: range.start + keyword.length }
}
