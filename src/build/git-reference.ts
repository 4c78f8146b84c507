/** A Git repository and what of it is wanted: `url#ref:subdir` or `url?branch=…&subdir=…` (BuildKit's dfgitutil). */
export type GitReference = {
  readonly remote: string
  /** Branch, tag, full ref or commit; empty for the default branch. */
  readonly ref: string
  readonly subdir: string
  readonly keepGitDir: boolean | null
  /** Hex prefix that the commit has to have. */
  readonly checksum: string | null
  readonly submodules: boolean
}

/**
 * The repository that a source of ADD or a build context names, null when it names none. `github.com/a/b` counts, as
 * do `git@host:path`, `ssh://`, `git://` and every `http(s)` address whose path ends in `.git`.
 * @returns a text that says what is wrong, when it is a repository that cannot be used
 */
export function parseGitReference(source: string): GitReference | string | null {
  const shape = remoteOf(source)
  if (shape === null) return null
  const { remote, fragment, query } = shape
  const cut = fragment.indexOf(':')
  const draft = {
    remote,
    ref: cut < 0 ? fragment : fragment.slice(0, cut),
    subdir: cleanSubdir(cut < 0 ? '' : fragment.slice(cut + 1)),
    keepGitDir: null as boolean | null,
    checksum: null as string | null,
    submodules: true,
  }
  return applyQuery(draft, query)
}

type Shape = { readonly remote: string; readonly fragment: string; readonly query: string }

function remoteOf(source: string): Shape | null {
  const hash = source.indexOf('#')
  const before = hash < 0 ? source : source.slice(0, hash)
  const fragment = hash < 0 ? '' : source.slice(hash + 1)
  const mark = before.indexOf('?')
  const address = mark < 0 ? before : before.slice(0, mark)
  const query = mark < 0 ? '' : before.slice(mark + 1)
  if (/^(?:git|ssh):\/\/[^/]+\/./.test(address) || /^[\w.-]+@[\w.-]+:[^/].*/.test(address))
    return { remote: address, fragment, query }
  if (/^https?:\/\/[^/]+\/.+\.git\/?$/.test(address)) return { remote: address, fragment, query }
  if (/^github\.com\/[^/]+\/[^/]+/.test(address))
    return { remote: `https://${address}`, fragment, query }
  return null
}

function applyQuery(
  reference: { -readonly [Key in keyof GitReference]: GitReference[Key] },
  query: string,
): GitReference | string {
  for (const part of query.split('&').filter(Boolean)) {
    const at = part.indexOf('=')
    const name = decodeURIComponent(at < 0 ? part : part.slice(0, at))
    const value = decodeURIComponent(at < 0 ? '' : part.slice(at + 1))
    if (name === 'ref' || name === 'branch' || name === 'tag') {
      const full = name === 'ref' ? value : `refs/${name === 'tag' ? 'tags' : 'heads'}/${value}`
      if (reference.ref !== '' && reference.ref !== full && reference.ref !== value)
        return `ref conflicts: ${JSON.stringify(reference.ref)} vs ${JSON.stringify(full)}`
      reference.ref = full
    } else if (name === 'subdir') reference.subdir = cleanSubdir(value)
    else if (name === 'checksum' || name === 'commit') reference.checksum = value
    else if (name === 'keep-git-dir') reference.keepGitDir = value !== 'false' && value !== '0'
    else if (name === 'submodules') reference.submodules = value !== 'false' && value !== '0'
    else return `unexpected query ${JSON.stringify(name)}`
  }
  if (reference.checksum !== null && !/^[0-9a-f]{7,64}$/.test(reference.checksum))
    return `invalid checksum ${reference.checksum}`
  if (reference.ref.startsWith('-') || reference.remote.startsWith('-'))
    return `invalid git reference ${JSON.stringify(reference.ref)}`
  return { ...reference }
}

function cleanSubdir(text: string): string {
  const parts: string[] = []
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/')
}
