import { parseDockerfile, stagesOf } from '../../dockerfile/index.ts'
import { diffRows } from '../../slim/index.ts'
import { alignLines } from './align-lines.ts'
import type { PageLine, PageText } from './types.ts'

/** Two Dockerfiles as rows: equal lines face each other, and changed ones the instruction that they became. */
export function dockerfileRows(before: string, after: string): readonly PageLine[] {
  const sides = { before: annotated(before), after: annotated(after) }
  const rows: PageLine[] = []
  const at = { before: 0, after: 0 }
  const next = (side: 'before' | 'after'): readonly PageText[] => {
    const line = sides[side][at[side]++]
    return line ? [line] : []
  }
  const went: PageText[] = []
  const came: PageText[] = []
  const flush = (): void => {
    rows.push(...alignLines(went.splice(0), came.splice(0)))
  }
  for (const { mark } of diffRows(before, after)) {
    if (mark === '-') went.push(...next('before'))
    else if (mark === '+') came.push(...next('after'))
    else {
      flush()
      rows.push({ before: next('before')[0] ?? null, after: next('after')[0] ?? null })
    }
  }
  flush()
  return rows
}

function annotated(text: string): readonly PageText[] {
  const { value } = parseDockerfile(text)
  const { stages } = stagesOf(value)
  const last = stages.at(-1)
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length
  const owners = new Map<number, { readonly first: number; readonly builder: boolean }>()
  for (const instruction of value.instructions) {
    const first = lineAt(instruction.range.start)
    const builder = last !== undefined && instruction.range.start < last.range.start
    const end = lineAt(Math.max(instruction.range.start, instruction.range.end - 1))
    for (let line = first; line <= end; line += 1) owners.set(line, { first, builder })
  }
  const lines = text.split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines.map((line, index) => {
    const owner = owners.get(index + 1)
    return {
      line: index + 1,
      text: line,
      instruction: owner?.first ?? null,
      builder: owner?.builder ?? false,
    }
  })
}
