import { familiarRepository, globMatch, hasGlob, parseReference } from '../image/index.ts'
import type { ImageListing } from '../store/index.ts'
import { chosenBool, type Filters, hasLabels, momentOf, parseFilters } from './filters.ts'
import { findImage } from './images.ts'
import type { Session } from './session.ts'

/** One row of `image ls`; an image with several tags has several. */
export type ImageRow = {
  readonly image: ImageListing
  readonly repository: string
  readonly tag: string
}

const known = ['dangling', 'label', 'before', 'since', 'until', 'reference'] as const

/**
 * Images of a repository (`devops-app`), of one tag of it (`devops-app:bloated`), of a pattern (`devops-*`), or all; of
 * those the ones that `docker image ls --filter` would show. A name is one more pattern of `reference`.
 * @throws Fault USAGE, IMAGE_NOT_FOUND, GLOB_INVALID, REFERENCE_INVALID
 */
export function listImages(
  session: Pick<Session, 'store'>,
  wanted: string | undefined,
  texts: readonly string[] = [],
): readonly ImageRow[] {
  const filters = parseFilters(texts, known)
  const keep = imageTest(session, filters, Date.now())
  const patterns = [
    ...(filters.get('reference') ?? []),
    ...(wanted === undefined ? [] : [patternOf(wanted)]),
  ]
  return session.store
    .images()
    .filter(keep)
    .flatMap((image) =>
      (image.tags.length > 0 ? image.tags : ['']).map((tag) => ({ image, ...splitTag(tag) })),
    )
    .filter((row) => patterns.length === 0 || patterns.some((pattern) => isNamed(row, pattern)))
}

function imageTest(
  session: Pick<Session, 'store'>,
  filters: Filters,
  now: number,
): (image: ImageListing) => boolean {
  const dangling = chosenBool(filters, 'dangling')
  const madeOf = (name: string): readonly number[] =>
    (filters.get(name) ?? []).map((image) => timeOf(findImage(session, image).config.created))
  const until = (filters.get('until') ?? []).map((text) => momentOf(text, now))
  const before = [...madeOf('before'), ...until]
  const since = madeOf('since')
  return (image) => {
    const time = timeOf(image.created)
    return (
      (dangling === undefined || dangling === (image.tags.length === 0)) &&
      before.every((limit) => time < limit) &&
      since.every((limit) => time > limit) &&
      hasLabels(filters, image.config.config.Labels)
    )
  }
}

function timeOf(created: string | null | undefined): number {
  return (created && Date.parse(created)) || 0
}

/** A name in full (`docker.io/library/debian`) is listed by its familiar one; a digest is no part of a row. */
function patternOf(wanted: string): string {
  if (hasGlob(wanted)) return wanted
  const reference = parseReference(wanted)
  const repository = familiarRepository(reference)
  return reference.tag === null ? repository : `${repository}:${reference.tag}`
}

/** As Docker: the familiar name with its tag, or the name alone. A star stops at a slash. */
function isNamed({ image, repository, tag }: ImageRow, pattern: string): boolean {
  const matches = globMatch(pattern, `${repository}:${tag}`) || globMatch(pattern, repository)
  return matches && image.tags.length > 0
}

function splitTag(name: string): { readonly repository: string; readonly tag: string } {
  if (name === '') return { repository: '<none>', tag: '<none>' }
  const at = name.lastIndexOf(':')
  return at > name.lastIndexOf('/')
    ? { repository: name.slice(0, at), tag: name.slice(at + 1) }
    : { repository: name, tag: 'latest' }
}
