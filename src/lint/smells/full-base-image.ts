import type { Fix, Rule } from '../types.ts'
import { type FinalBase, finalBase } from './base-image.ts'

/** Official images whose tags have a `-slim` sibling of the same suite and C library. */
const withSlim = new Set(['debian', 'node', 'openjdk', 'perl', 'python', 'ruby', 'rust'])
const otherVariant = /slim|alpine|windows|nanoserver|servercore|distroless|bare|onbuild/

/** S2: a base with compilers and headers, where the same without them exists. */
export const fullBaseImage: Rule = {
  id: 'FullBaseImage',
  description: 'The final image should be on the slim variant of its base',
  url: null,
  origin: 'jettison',
  severity: 'warning',
  needs: 'scope',
  *check(facts) {
    const base = finalBase(facts)
    if (!base || base.digest || base.tag === '' || base.tag === 'latest') return
    if (!withSlim.has(base.repository) || otherVariant.test(base.tag)) return
    const { from } = base.stage.stage
    const fix = slimFix(base)
    yield {
      message: `${base.repository}:${base.tag} is the full variant; ${base.repository}:${base.tag}-slim is the same without compilers and headers`,
      instruction: from,
      range: from.image.range,
      ...(fix ? { fix } : {}),
    }
  },
}

function slimFix({ stage, reference }: FinalBase): Fix | null {
  const { text, range } = stage.stage.from.image
  if (text !== reference) return null
  return {
    title: `Use ${reference}-slim, if nothing in this stage compiles`,
    safety: 'suggestion',
    edits: [{ range: { start: range.end, end: range.end }, text: '-slim' }],
  }
}
