import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineDiff } from '../../slim/index.ts'
import { replacementsOf } from './patch-fixes.ts'

test('replacing the regions from the last to the first gives what the patch gives', () => {
  const text = fc
    .array(fc.constantFrom('FROM a', 'RUN b', 'COPY c', '-d', '+e', '@@ f'), { minLength: 1 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = before.split(/(?<=\n)/)
      for (const { deletedRegion, insertedContent } of [
        ...replacementsOf(lineDiff(before, after)),
      ].reverse()) {
        const { startLine, endLine } = deletedRegion
        const added = insertedContent ? [insertedContent.text] : []
        lines.splice(startLine - 1, endLine - startLine, ...added)
      }
      expect(lines.join('')).toBe(after)
    }),
  )
})
