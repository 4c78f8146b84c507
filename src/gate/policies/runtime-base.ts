import type { PolicyKind } from '../define.ts'

/** Criterion 5: what the last stage starts from, stages followed to their image; `*` matches within the pattern. */
export const runtimeBase: PolicyKind<{ readonly image: 'text' }> = {
  options: { image: 'text' },
  why: 'the base decides most of the size and all of what is patched for you',
  fix: 'start the last stage with a FROM of that image',
  slimFixes: true,
  judge: ({ image }, { runtimeBase: base }) => {
    const common = { title: `runtime stage on ${image}`, allowed: image }
    if (base === null) return { ...common, status: 'skip', found: 'no Dockerfile', items: [] }
    return {
      ...common,
      status: matchesReference(image, base) ? 'pass' : 'fail',
      found: base,
      items: [{ what: `FROM ${base}` }],
    }
  },
}

/** `python:3.*-slim`, `gcr.io/distroless/*`: a `*` stands for anything. */
export function matchesReference(pattern: string, reference: string): boolean {
  const parts = plain(pattern)
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`).test(plain(reference))
}

/** A digest or the full spelling of Docker's default registry does not make another image. */
function plain(reference: string): string {
  return reference.replace(/@sha256:[0-9a-f]{64}$/, '').replace(/^docker\.io\/(?:library\/)?/, '')
}
