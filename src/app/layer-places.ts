import type { Digest } from '../image/index.ts'
import type { BuildAccount } from '../store/index.ts'
import type { Session } from './session.ts'

/**
 * The line of the Dockerfile that made each layer, lowest first, as the last build of the image noted it; null where it is
 * not known, as of a base or of an image that was not built here.
 */
export function layerPlaces(
  session: Pick<Session, 'store'>,
  image: { readonly id: Digest; readonly layers: readonly unknown[] },
): readonly (string | null)[] {
  const none = image.layers.map(() => null)
  const build = lastBuild(session, image.id)
  const last = build?.steps.at(-1)
  if (!build || !last) return none
  // The target ends last, and every step of a stage makes one layer.
  const own = build.steps.filter(({ label }) => stageOf(label) === stageOf(last.label))
  if (own.length > image.layers.length) return none
  const places = [...own]
    .sort((a, b) => numberOf(a.label) - numberOf(b.label))
    .map(({ file, line }) => `${file}:${line}`)
  return [...none.slice(own.length), ...places]
}

function lastBuild({ store }: Pick<Session, 'store'>, id: Digest): BuildAccount | undefined {
  for (const build of store.builds()) if (build.image === id) return build
  return undefined
}

function stageOf(label: string): string {
  return label.replace(/\d+\/\d+\]$/, '')
}

function numberOf(label: string): number {
  return Number(/(\d+)\/\d+\]$/.exec(label)?.[1] ?? 0)
}
