/** A text with a name, the thing every range points into. `name` is a path as the user typed it. */
export type Source = { readonly name: string; readonly text: string }

/** Half-open range of UTF-16 offsets into a source text. */
export type Range = { readonly start: number; readonly end: number }

/** A place to show to a person: a source and, when known, the range that is wrong. */
export type Place = { readonly source: Source; readonly range?: Range }

/** 1-based line and column of a UTF-16 offset. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, Math.max(0, Math.min(offset, text.length)))
  const line = before.split('\n').length
  return { line, column: before.length - before.lastIndexOf('\n') }
}

/**
 * The lines around a range in BuildKit's layout: `  12 | >>> RUN false`, with carets under the range
 * when it lies within one line.
 */
export function codeFrame({ source, range }: Place, around = 2): string {
  if (!range) return source.name
  const lines = source.text.split('\n')
  const from = positionAt(source.text, range.start)
  const to = positionAt(source.text, Math.max(range.start, range.end - 1))
  const first = Math.max(1, from.line - around)
  const last = Math.min(lines.length, to.line + around)
  const out = [`${source.name}:${from.line}`, '--------------------']
  for (let n = first; n <= last; n++) {
    const marked = n >= from.line && n <= to.line
    const text = (lines[n - 1] ?? '').replace(/\r$/, '')
    out.push(`${String(n).padStart(4)} | ${marked ? '>>>' : '   '} ${text}`)
    if (marked && from.line === to.line)
      out.push(
        `     |     ${' '.repeat(from.column - 1)}${'^'.repeat(Math.max(1, to.column - from.column + 1))}`,
      )
  }
  out.push('--------------------')
  return out.join('\n')
}
