/** Debian releases that the official image names its tags by. */
const suites = ['trixie', 'bookworm', 'bullseye', 'buster', 'stretch']

/** What a `python` reference says; `tag` is null when it has none. */
export type PythonBase = {
  readonly repository: string
  readonly tag: string | null
  readonly digest: string | null
  readonly suite: string | null
  readonly variant: 'full' | 'slim' | 'other'
}

/**
 * Reads a reference to the official `python` image or a mirror of it (its last path component is `python`).
 * @returns undefined for any other image
 */
export function parsePythonBase(reference: string): PythonBase | undefined {
  const [name = '', digest = null] = reference.split('@', 2) as [string?, string?]
  const slash = name.lastIndexOf('/')
  const colon = name.indexOf(':', slash + 1)
  const repository = colon === -1 ? name : name.slice(0, colon)
  const tag = colon === -1 ? null : name.slice(colon + 1)
  if (repository.slice(repository.lastIndexOf('/') + 1) !== 'python') return undefined
  const words = (tag ?? '').split('-')
  const suite = suites.find((one) => words.includes(one)) ?? null
  const rest = words.filter((word) => word !== 'slim' && word !== suite)
  const plain = rest.every((word) => /^(?:\d+(?:\.\d+)*(?:(?:a|b|rc)\d+)?|latest|rc|)$/.test(word))
  const variant = !plain ? 'other' : words.includes('slim') ? 'slim' : 'full'
  return { repository, tag, digest, suite, variant }
}

/**
 * The slim sibling in the user's own form of the tag: `3.11` becomes `3.11-slim`, `3.11-bookworm` becomes
 * `3.11-slim-bookworm`. A suite that the user did not write is added only when `suite` is given, that is when the
 * unsuffixed tags of both variants lead to different Debian releases.
 */
export function slimReference(base: PythonBase, suite: string | null = null): string {
  if (base.variant === 'slim') return withTag(base.repository, base.tag)
  const own = base.suite ?? suite
  const version = (base.tag ?? '')
    .split('-')
    .filter((word) => word !== base.suite && word !== 'latest' && word !== '')
  return withTag(base.repository, [...version, 'slim', ...(own ? [own] : [])].join('-'))
}

/**
 * The slim sibling with the variables of the FROM line kept where that is possible: `python:${V}` becomes
 * `python:${V}-slim`. @returns undefined when the text has no form that expands to `slim`
 */
export function slimText(word: string, base: PythonBase, slim: string): string | undefined {
  if (!word.includes('$')) return slim
  if (base.digest !== null || base.tag === null) return undefined
  if (base.variant === 'slim') return word
  if (base.suite === null) {
    const suffix = slim.slice(withTag(base.repository, base.tag).length)
    return base.tag.includes('latest') ? undefined : `${word}${suffix}`
  }
  const tail = `-${base.suite}`
  return word.endsWith(tail) ? `${word.slice(0, -tail.length)}-slim${tail}` : undefined
}

function withTag(repository: string, tag: string | null): string {
  return tag === null ? repository : `${repository}:${tag}`
}
