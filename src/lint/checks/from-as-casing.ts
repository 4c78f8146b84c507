import type { Range } from '../../base/index.ts'
import type { FromInstruction } from '../../dockerfile/index.ts'
import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const fromAsCasing: Rule = {
  id: 'FromAsCasing',
  description: "The 'as' keyword should match the case of the 'from' keyword",
  url: dockerPage('from-as-casing'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'text',
  *check({ dockerfile, stages }) {
    for (const { stage } of stages) {
      const { from } = stage
      const [, as] = from.rest.split(/\s+/)
      const wanted = as === undefined ? null : matching(from.keyword, as)
      if (as === undefined || wanted === null || wanted === as) continue
      const range = asRange(dockerfile.text, from)
      yield {
        message: `'${as}' and '${from.keyword}' keywords' casing do not match`,
        instruction: from,
        ...(range === null
          ? {}
          : {
              range,
              fix: { title: `Write ${wanted}`, safety: 'safe', edits: [{ range, text: wanted }] },
            }),
      }
    }
  },
}

/** AS as FROM is written; null when FROM itself is mixed, which another rule reports. */
function matching(keyword: string, as: string): string | null {
  if (keyword === keyword.toLowerCase()) return as.toLowerCase()
  return keyword === keyword.toUpperCase() ? as.toUpperCase() : null
}

/** Where AS stands; null when comments come between. */
function asRange(text: string, from: FromInstruction): Range | null {
  if (!from.as) return null
  const between = text.slice(from.image.range.end, from.as.range.start)
  const at = between.search(/as\s*$/i)
  if (at < 0 || between.includes('#')) return null
  return { start: from.image.range.end + at, end: from.image.range.end + at + 2 }
}
