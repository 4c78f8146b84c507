import type { SystemRelease } from '../facts/index.ts'
import { type BaseReference, neighbour } from './reference.ts'

/** The lean relative of a base: a reference, or why there is none. `same` when the base is as lean as its family gets. */
export type Relative =
  | { readonly kind: 'lean' | 'same'; readonly reference: string }
  | { readonly kind: 'none'; readonly why: string }

/**
 * One family of official images.
 * @param suite written into the tag although the user wrote none: the unsuffixed tags lead to different releases
 */
type Family = (base: BaseReference, system: SystemRelease, suite: string | null) => Relative

const version = /^(?:v?\d+(?:\.\d+)*(?:(?:a|b|rc)\d*)?|latest|rc|lts|current|stable|)$/

/** A slim variant under the same name; the official images disagree whether the suite comes before or after `slim`. */
function slimVariant(order: 'slim-suite' | 'suite-slim'): Family {
  return (base, _system, suite) => {
    const { repository, tag, words } = base
    const rest = words.filter((word) => word !== 'slim')
    if (rest.some((word) => word.startsWith('alpine')) && rest.slice(0, -1).every(isVersion))
      return { kind: 'same', reference: withTag(repository, tag) }
    if (!rest.every(isVersion))
      return { kind: 'none', why: `no slim variant of ${base.image}:${tag} is known` }
    if (words.includes('slim')) return { kind: 'same', reference: withTag(repository, tag) }
    const own = base.suite ?? suite
    const named = own === null ? [] : [own]
    const tail = order === 'slim-suite' ? ['slim', ...named] : [...named, 'slim']
    const numbers = rest.filter((word) => word !== 'latest' && word !== '')
    return { kind: 'lean', reference: withTag(repository, [...numbers, ...tail].join('-')) }
  }
}

/** A tool chain whose results run on the plain system: the slim Debian, or the Alpine, that it is made of. */
const plainSystem: Family = (base, system) => {
  if (base.words.some((word) => word.startsWith('alpine')) || system.id === 'alpine') {
    const [release] = /^\d+\.\d+/.exec(system.version ?? '') ?? []
    return release === undefined
      ? { kind: 'none', why: 'the release of Alpine cannot be told' }
      : { kind: 'lean', reference: neighbour(base, 'alpine', release) }
  }
  if (system.id === 'ubuntu' && system.version !== null)
    return { kind: 'lean', reference: neighbour(base, 'ubuntu', system.version) }
  const suite = base.suite ?? system.codename
  return suite === null
    ? { kind: 'none', why: 'the release of Debian cannot be told' }
    : { kind: 'lean', reference: neighbour(base, 'debian', `${suite}-slim`) }
}

const debian: Family = ({ repository, tag, words }) => {
  if (words.includes('slim')) return { kind: 'same', reference: withTag(repository, tag) }
  return tag === null || tag === 'latest'
    ? { kind: 'none', why: 'the tag names no release of Debian' }
    : { kind: 'lean', reference: withTag(repository, `${tag}-slim`) }
}

const itself: Family = ({ repository, tag }) => ({
  kind: 'same',
  reference: withTag(repository, tag),
})

/** A JDK becomes its JRE: `17`, `17-jdk`, `17-jdk-jammy` become `17-jre`, `17-jre-jammy`. */
const temurin: Family = (base) => {
  const { repository, tag, words } = base
  if (words.includes('jre')) return { kind: 'same', reference: withTag(repository, tag) }
  const [major = '', ...rest] = words.filter((word) => word !== 'jdk')
  return /^\d+/.test(major)
    ? { kind: 'lean', reference: withTag(repository, jreTag(major, rest, base.suite)) }
    : { kind: 'none', why: 'the tag names no release of Java' }
}

/** Builders of Java carry their JDK in the tag: `maven:3.9-eclipse-temurin-17-alpine`, `gradle:8-jdk17-jammy`. */
const javaBuilder: Family = (base) => {
  const { tag, words, suite } = base
  const [, major, rest = ''] =
    /(?:eclipse-temurin-|jdk-?)(\d+)(?:-(.*))?$/.exec(words.join('-')) ?? []
  const variant = rest.split('-').filter((word) => word !== '')
  return major === undefined || (tag ?? '').includes('openjdk')
    ? { kind: 'none', why: 'the tag does not say which Java of eclipse-temurin it has' }
    : {
        kind: 'lean',
        reference: neighbour(base, 'eclipse-temurin', jreTag(major, variant, suite)),
      }
}

/** The old official images have no JRE later than 11; Temurin's of the same release runs what they built. */
const openjdk: Family = (base) => {
  const release = /^\d+/.exec(base.words[0] ?? '')?.[0]
  return release === undefined
    ? { kind: 'none', why: 'the tag names no release of Java' }
    : { kind: 'lean', reference: neighbour(base, 'eclipse-temurin', `${release}-jre`) }
}

function jreTag(major: string, variant: readonly string[], suite: string | null): string {
  return [major, 'jre', ...variant, ...(suite === null ? [] : [suite])].join('-')
}

/** A new family is a line here. The name is the last component of the repository. */
export const families: Readonly<Record<string, Family>> = {
  python: slimVariant('slim-suite'),
  ruby: slimVariant('slim-suite'),
  perl: slimVariant('slim-suite'),
  node: slimVariant('suite-slim'),
  golang: plainSystem,
  rust: plainSystem,
  gcc: plainSystem,
  'buildpack-deps': plainSystem,
  debian,
  ubuntu: itself,
  alpine: itself,
  maven: javaBuilder,
  gradle: javaBuilder,
  'eclipse-temurin': temurin,
  openjdk,
}

function isVersion(word: string): boolean {
  return version.test(word)
}

function withTag(repository: string, tag: string | null): string {
  return tag === null ? repository : `${repository}:${tag}`
}
