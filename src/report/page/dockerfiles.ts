import { parseDockerfile, stagesOf } from '../../dockerfile/index.ts'
import { diffRows } from '../../slim/index.ts'
import type { PageLine, PageStage, PageText } from './types.ts'

/** Two Dockerfiles as rows: equal lines face each other, what went stands before what came. */
export function dockerfileRows(before: string, after: string): readonly PageLine[] {
  const sides = { before: annotated(before), after: annotated(after) }
  const rows: PageLine[] = []
  const at = { before: 0, after: 0 }
  const next = (side: 'before' | 'after'): PageText | null => sides[side][at[side]++] ?? null
  let removed: PageText[] = []
  const flush = (): void => {
    rows.push(...removed.map((line) => ({ before: line, after: null })))
    removed = []
  }
  for (const { mark } of diffRows(before, after)) {
    if (mark === '-') {
      const line = next('before')
      if (line) removed.push(line)
    } else if (mark === '+') {
      rows.push({ before: removed.shift() ?? null, after: next('after') })
    } else {
      flush()
      rows.push({ before: next('before'), after: next('after') })
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

/** The stages of a Dockerfile and what they copy from each other, for the graph. */
export function stageGraph(text: string): readonly PageStage[] {
  const { stages } = stagesOf(parseDockerfile(text).value)
  const nameOf = (index: number): string => stages[index]?.name ?? `stage ${index}`
  return stages.map((stage) => ({
    name: nameOf(stage.index),
    from: stage.from.image.text,
    final: stage.index === stages.length - 1,
    copies: stage.instructions.flatMap((instruction) => {
      const sources = [
        ...(instruction.kind === 'copy' ? [flagOf(instruction.flags, 'from')] : []),
        ...(instruction.kind === 'run'
          ? instruction.flags
              .filter(({ name }) => name === 'mount')
              .map(({ value }) => /(?:^|,)from=([^,]+)/.exec(value ?? '')?.[1])
          : []),
      ].filter((name) => name !== undefined)
      const paths =
        instruction.kind === 'copy' ? instruction.sources.map((word) => word.text) : ['mount']
      return sources.map((from) => ({
        from: /^\d+$/.test(from) ? nameOf(Number(from)) : from.toLowerCase(),
        paths,
      }))
    }),
  }))
}

function flagOf(
  flags: readonly { readonly name: string; readonly value: string | null }[],
  name: string,
): string | undefined {
  return flags.find((flag) => flag.name === name)?.value ?? undefined
}
