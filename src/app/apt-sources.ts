import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One place that apt fetches binary packages from. */
export type AptSource = {
  readonly uris: readonly string[]
  readonly suites: readonly string[]
  readonly components: readonly string[]
}

/**
 * The `sources.list` lines for a Debian suite on the mirrors that this machine's own apt uses.
 * Empty when it uses none of Debian's (another distribution, an offline medium): the caller's tool then has its default.
 */
export function debianMirrors(suite: string, etcApt = '/etc/apt'): readonly string[] {
  const sources = readAptSources(etcApt).filter((source) => source.components.includes('main'))
  const archive = mirrorOf(sources, (name) => debianSuites.has(name))
  const security = mirrorOf(sources, (name) => /^(.+)(?:-security|\/updates)$/.test(name))
  if (archive === undefined) return []
  const line = (uri: string, name: string) => `deb [signed-by=${keyring}] ${uri} ${name} main`
  return [
    line(archive, suite),
    line(archive, `${suite}-updates`),
    ...(security === undefined ? [] : [line(security, `${suite}-security`)]),
  ]
}

/** At this path on the machine as in the image: both have the package debian-archive-keyring. */
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Names under which Debian publishes; a codename of another distribution must not be taken for a mirror of it. */
const debianSuites: ReadonlySet<string> = new Set([
  ...['bullseye', 'bookworm', 'trixie', 'forky', 'duke', 'sid'],
  ...['oldoldstable', 'oldstable', 'stable', 'testing', 'unstable'],
])

function mirrorOf(
  sources: readonly AptSource[],
  wanted: (suite: string) => boolean,
): string | undefined {
  return sources
    .filter((source) => source.suites.some(wanted))
    .flatMap((source) => source.uris)
    .find((uri) => /^https?:/.test(uri))
}

function readAptSources(etcApt: string): readonly AptSource[] {
  const folder = join(etcApt, 'sources.list.d')
  const files = [
    join(etcApt, 'sources.list'),
    ...(existsSync(folder) ? readdirSync(folder).sort() : []).map((name) => join(folder, name)),
  ].filter((path) => /\.(?:list|sources)$/.test(path) && existsSync(path))
  return files.flatMap((path) => {
    const text = readFileSync(path, 'utf8')
    return path.endsWith('.list') ? parseOneLine(text) : parseDeb822(text)
  })
}

/** The older form, sources.list(5): `deb [options] uri suite components`. */
export function parseOneLine(text: string): readonly AptSource[] {
  return text.split('\n').flatMap((raw) => {
    const line = raw.replace(/#.*/, '').trim()
    const match = /^deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)\s*(.*)$/.exec(line)
    const [, uri, suite, rest] = match ?? []
    if (uri === undefined || suite === undefined) return []
    return [{ uris: [uri], suites: [suite], components: words(rest ?? '') }]
  })
}

/** The newer form: stanzas of `Field: words`, continued by indented lines; `Enabled: no` switches one off. */
export function parseDeb822(text: string): readonly AptSource[] {
  const plain = text.replace(/^#.*\n?/gm, '')
  return plain.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map<string, string>()
    for (const [, name, value] of stanza.matchAll(/^([\w-]+):((?:.*)(?:\n[ \t].*)*)/gm))
      fields.set((name ?? '').toLowerCase(), value ?? '')
    const list = (name: string) => words(fields.get(name) ?? '')
    const off = /^\s*(?:no|false|without|off|disable)\s*$/i.test(fields.get('enabled') ?? '')
    if (off || !list('types').includes('deb')) return []
    return [{ uris: list('uris'), suites: list('suites'), components: list('components') }]
  })
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '')
}
