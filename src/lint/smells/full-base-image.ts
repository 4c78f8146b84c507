import type { Fix, Rule } from '../types.ts'
import { type FinalBase, finalBase } from './base-image.ts'

/** Official images with a slim variant of the same suite and C library, and what that leaves out. */
const withSlim: Readonly<Record<string, string>> = {
  debian: 'manuals and translations',
  node: 'compilers and headers',
  perl: 'compilers and headers',
  python: 'compilers and headers',
  ruby: 'compilers and headers',
}
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
    const without = withSlim[base.repository]
    if (without === undefined || otherVariant.test(base.tag)) return
    const { from } = base.stage.stage
    const slim = slimTag(base)
    const fix = slimFix(base, slim)
    yield {
      message: `${base.repository}:${base.tag} is the full variant; ${base.repository}:${slim} is the same without ${without}`,
      instruction: from,
      range: from.image.range,
      ...(fix ? { fix } : {}),
    }
  },
}

/** `3.11-slim`; with a suite `22-bookworm-slim` for node and debian, `3.11-slim-bookworm` for the others. */
function slimTag({ repository, tag }: FinalBase): string {
  const suite = repository === 'node' || repository === 'debian' ? -1 : tag.search(/-[a-z]+$/)
  return suite < 0 ? `${tag}-slim` : `${tag.slice(0, suite)}-slim${tag.slice(suite)}`
}

function slimFix({ stage, reference, tag }: FinalBase, slim: string): Fix | null {
  const { text, range } = stage.stage.from.image
  if (text !== reference || !text.endsWith(tag)) return null
  return {
    title: `Use the tag ${slim}, if nothing in this stage compiles`,
    safety: 'suggestion',
    edits: [{ range: { start: range.end - tag.length, end: range.end }, text: slim }],
  }
}
