import type { Range } from '../../base/index.ts'
import type { Instruction } from '../../dockerfile/index.ts'
import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const noEmptyContinuation: Rule = {
  id: 'NoEmptyContinuation',
  description: 'Empty continuation lines will become errors in a future release',
  url: dockerPage('no-empty-continuation'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'text',
  *check({ dockerfile }) {
    const { text } = dockerfile
    for (const instruction of dockerfile.instructions) {
      const end = headEnd(instruction)
      const blanks = blankLines(text, instruction.range.start, end)
      const [first] = blanks
      if (!first) continue
      const last = text.slice(0, end).split('\n').length
      yield {
        message: 'Empty continuation line',
        instruction,
        range: { start: first.start, end: first.start },
        // BuildKit names the line on which the instruction ends.
        lines: { start: last, end: last },
        silencedBy: null,
        fix: {
          title: 'Remove the empty lines',
          safety: 'safe',
          edits: blanks.map((range) => ({ range, text: '' })),
        },
      }
    }
  },
}

/** The end of the instruction's own lines, without the bodies of its heredocs. */
function headEnd({ range, heredocs }: Instruction): number {
  const [first] = heredocs
  return first ? first.range.start - 1 : range.end
}

/** Blank physical lines in `[start, end]`, each with its line break. */
function blankLines(text: string, start: number, end: number): Range[] {
  const found: Range[] = []
  for (let at = text.indexOf('\n', start); at >= 0 && at < end; ) {
    const next = text.indexOf('\n', at + 1)
    const stop = next < 0 ? text.length : next
    if (text.slice(at + 1, stop).trim() === '' && at + 1 <= end)
      found.push({ start: at + 1, end: Math.min(stop + 1, text.length) })
    at = next
  }
  return found
}
