import type { GateInput, PolicyResult } from '../types.ts'

/** Criterion 5: what the last stage starts from, stages followed to their image; `*` matches within the pattern. */
export function runtimeBase({ image }: { readonly image: string }, input: GateInput): PolicyResult {
  const common = {
    id: 'runtime-base',
    title: `runtime stage on ${image}`,
    allowed: image,
    why: 'the base decides most of the size and all of what is patched for you',
    fix: `start the last stage with FROM ${image}`,
  } as const
  const base = input.runtimeBase
  if (base === null) return { ...common, status: 'skip', found: 'no Dockerfile', evidence: [] }
  const pattern = new RegExp(
    `^${plain(image)
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  )
  return {
    ...common,
    status: pattern.test(plain(base)) ? 'pass' : 'fail',
    found: base,
    evidence: [`FROM ${base}`],
  }
}

/** A digest or the full spelling of Docker's default registry does not make another image. */
function plain(reference: string): string {
  return reference.replace(/@sha256:[0-9a-f]{64}$/, '').replace(/^docker\.io\/(?:library\/)?/, '')
}
