/** Variables as they stand at one point of a stage; what is set later does not show. */
export type Environment = {
  get(name: string): string | undefined
  has(name: string): boolean
  /** Those of the lowest stage first. */
  keys(): readonly string[]
}

/**
 * The variables of a stage as they grow, over those of the stage it is FROM. A view costs nothing and a stage holds only
 * what it sets itself, so that ten thousand ENV lines and ten thousand stages are no burden.
 */
export type GrowingEnvironment = {
  /** The stage below, which must not grow any more. */
  readonly below: GrowingEnvironment | null
  readonly settings: Map<string, Setting[]>
  /** Names of ARGs, with or without a value. */
  readonly declared: Set<string>
  /** Settings made so far. */
  clock: number
}

type Setting = { readonly at: number; readonly value: string }

export function growingEnvironment(below: GrowingEnvironment | null): GrowingEnvironment {
  return { below, settings: new Map(), declared: new Set(), clock: 0 }
}

export function setVariable(env: GrowingEnvironment, name: string, value: string): void {
  const all = env.settings.get(name) ?? []
  all.push({ at: env.clock, value })
  env.settings.set(name, all)
  env.clock += 1
}

export function isDeclared(env: GrowingEnvironment, name: string): boolean {
  for (let at: GrowingEnvironment | null = env; at; at = at.below)
    if (at.declared.has(name)) return true
  return false
}

/** The variables as they are now. */
export function viewOf(env: GrowingEnvironment): Environment {
  const until = env.clock
  const get = (name: string): string | undefined => {
    const own = lastBefore(env.settings.get(name), until)
    if (own !== undefined) return own
    for (let at = env.below; at; at = at.below) {
      const value = at.settings.get(name)?.at(-1)?.value
      if (value !== undefined) return value
    }
    return undefined
  }
  return { get, has: (name) => get(name) !== undefined, keys: () => keysOf(env, until) }
}

function keysOf(env: GrowingEnvironment, until: number): readonly string[] {
  const own = [...env.settings].flatMap(([name, [first]]) =>
    first && first.at < until ? [name] : [],
  )
  const levels = [own]
  for (let at = env.below; at; at = at.below) levels.push([...at.settings.keys()])
  return levels.reverse().flat()
}

function lastBefore(settings: readonly Setting[] | undefined, until: number): string | undefined {
  let low = 0
  let high = settings?.length ?? 0
  while (low < high) {
    const middle = (low + high) >> 1
    if ((settings?.[middle]?.at ?? until) < until) low = middle + 1
    else high = middle
  }
  return settings?.[low - 1]?.value
}
