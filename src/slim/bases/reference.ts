/** Releases of Debian and Ubuntu that official images name their tags by. */
const suites: ReadonlySet<string> = new Set([
  ...['trixie', 'bookworm', 'bullseye', 'buster', 'stretch'],
  ...['resolute', 'noble', 'jammy', 'focal', 'bionic'],
])

/** The reference of a base image, taken apart; `tag` and `digest` are null when it has none. */
export type BaseReference = {
  /** As written, without tag and digest: `registry.example/library/python`. */
  readonly repository: string
  /** Last component of the repository: `python`. */
  readonly image: string
  readonly tag: string | null
  readonly digest: string | null
  /** The release that the tag names: `bookworm`; null when it names none. */
  readonly suite: string | null
  /** The words of the tag between its hyphens, without the suite: `3.11`, `slim`. */
  readonly words: readonly string[]
}

/** Takes a reference apart. Nothing is checked: FROM was built already. */
export function parseBase(reference: string): BaseReference {
  const [name = '', digest = null] = reference.split('@', 2) as [string?, string?]
  const slash = name.lastIndexOf('/')
  const colon = name.indexOf(':', slash + 1)
  const repository = colon === -1 ? name : name.slice(0, colon)
  const tag = colon === -1 ? null : name.slice(colon + 1)
  const words = tag?.split('-') ?? []
  const suite = words.find((word) => suites.has(word)) ?? null
  return {
    repository,
    image: repository.slice(repository.lastIndexOf('/') + 1),
    tag,
    digest,
    suite,
    words: words.filter((word) => word !== suite),
  }
}

/** Another image of the same registry and namespace: `registry.example/library/golang` → `…/debian:bookworm-slim`. */
export function neighbour({ repository, image }: BaseReference, name: string, tag: string): string {
  return `${repository.slice(0, repository.length - image.length)}${name}:${tag}`
}
