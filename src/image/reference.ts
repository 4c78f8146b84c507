import { Fault } from '../base/index.ts'
import { type Digest, isDigest } from './digest.ts'

/** A parsed image name: `domain` and `path` are complete (`docker.io`, `library/python`). */
export type Reference = {
  readonly domain: string
  readonly path: string
  readonly tag: string | null
  readonly digest: Digest | null
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const pathShape = new RegExp(`^${component}(?:/${component})*$`)
const domainComponent = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const domainShape = new RegExp(
  `^(?:${domainComponent}(?:\\.${domainComponent})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?$`,
)
const tagShape = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/

/**
 * Parses a name as people write it (grammar: distribution/reference). `python` is `docker.io/library/python`; the
 * first component is a registry only when it has a dot, a colon or a capital, or is `localhost`. No default tag.
 * @throws Fault REFERENCE_INVALID
 */
export function parseReference(text: string): Reference {
  const { name, tag, digest } = cut(text)
  const { domain, path } = qualify(name)
  if (!domainShape.test(domain)) throw invalid(text, `bad registry name "${domain}"`)
  if (path !== path.toLowerCase()) throw invalid(text, 'the repository name must be lower case')
  if (!pathShape.test(path)) throw invalid(text, 'bad repository name')
  if (domain.length + path.length + 1 > 255)
    throw invalid(text, 'the repository name is over 255 characters')
  if (/^[0-9a-f]{64}$/.test(name)) throw invalid(text, 'a name cannot look like an image ID')
  if (tag !== null && !tagShape.test(tag)) throw invalid(text, `bad tag "${tag}"`)
  if (digest !== null && !isDigest(digest)) throw invalid(text, 'the digest is not a sha256 digest')
  return { domain, path, tag, digest }
}

/** The same image with `:latest` when it has neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === null && reference.digest === null
    ? { ...reference, tag: 'latest' }
    : reference
}

/** The complete name: `docker.io/library/python:3.11`. */
export function formatReference(reference: Reference): string {
  return `${reference.domain}/${reference.path}${suffix(reference)}`
}

/** The name as Docker shows it: `python:3.11`, `me/app:1`, `localhost:5000/x:1`. */
export function familiarName(reference: Reference): string {
  return `${familiarRepository(reference)}${suffix(reference)}`
}

/** `familiarName` without tag and digest. */
export function familiarRepository({ domain, path }: Reference): string {
  if (domain !== 'docker.io') return `${domain}/${path}`
  return /^library\/[^/]+$/.test(path) ? path.slice('library/'.length) : path
}

function suffix({ tag, digest }: Reference): string {
  return `${tag === null ? '' : `:${tag}`}${digest === null ? '' : `@${digest}`}`
}

function cut(text: string): { name: string; tag: string | null; digest: string | null } {
  const at = text.indexOf('@')
  const digest = at < 0 ? null : text.slice(at + 1)
  const rest = at < 0 ? text : text.slice(0, at)
  const colon = rest.lastIndexOf(':')
  // A colon before the last slash is a port.
  if (colon < 0 || colon < rest.lastIndexOf('/')) return { name: rest, tag: null, digest }
  return { name: rest.slice(0, colon), tag: rest.slice(colon + 1), digest }
}

function qualify(name: string): { domain: string; path: string } {
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const registry = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase()
  let domain = registry ? first : 'docker.io'
  let path = registry ? name.slice(slash + 1) : name
  if (domain === 'index.docker.io') domain = 'docker.io'
  if (domain === 'docker.io' && !path.includes('/')) path = `library/${path}`
  return { domain, path }
}

function invalid(text: string, why: string): Fault {
  return new Fault(
    'REFERENCE_INVALID',
    `invalid image name ${JSON.stringify(text.slice(0, 300))}: ${why}`,
    { kind: 'invalid', hint: 'A name looks like [registry/]repository[:tag][@sha256:digest].' },
  )
}
