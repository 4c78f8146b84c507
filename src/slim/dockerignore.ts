/** One line of a generated `.dockerignore` and why it is there, or why it was left out. */
export type IgnoreLine = {
  readonly pattern: string
  readonly group: 'version control' | 'caches' | 'secrets'
}

export type Dockerignore = {
  readonly text: string
  readonly lines: readonly IgnoreLine[]
  /** Patterns that would usually be there and are not, with the file that spoke against them. */
  readonly leftOut: readonly { readonly pattern: string; readonly because: string }[]
}

type Candidate = IgnoreLine & { readonly matches: RegExp }

const candidate = (group: IgnoreLine['group'], pattern: string, matches: RegExp): Candidate => ({
  group,
  pattern,
  matches,
})

const candidates: readonly Candidate[] = [
  candidate('version control', '.git', /^\.git(?:\/|$)/),
  candidate('version control', '.hg', /^\.hg(?:\/|$)/),
  candidate('version control', '.svn', /^\.svn(?:\/|$)/),
  candidate('caches', '**/__pycache__', /(?:^|\/)__pycache__(?:\/|$)/),
  candidate('caches', '**/*.pyc', /\.pyc$/),
  candidate('caches', '**/.pytest_cache', /(?:^|\/)\.pytest_cache(?:\/|$)/),
  candidate('caches', '**/.mypy_cache', /(?:^|\/)\.mypy_cache(?:\/|$)/),
  candidate('caches', '**/.ruff_cache', /(?:^|\/)\.ruff_cache(?:\/|$)/),
  candidate('caches', '.tox', /^\.tox(?:\/|$)/),
  candidate('caches', '.nox', /^\.nox(?:\/|$)/),
  candidate('secrets', '**/.env', /(?:^|\/)\.env$/),
  candidate('secrets', '**/.env.*', /(?:^|\/)\.env\.[^/]+$/),
  candidate('secrets', '**/.netrc', /(?:^|\/)\.netrc$/),
  candidate('secrets', '**/.pypirc', /(?:^|\/)\.pypirc$/),
  candidate('secrets', '**/id_rsa', /(?:^|\/)id_rsa$/),
  candidate('secrets', '**/id_ed25519', /(?:^|\/)id_ed25519$/),
]

/**
 * A `.dockerignore` for a project that has none: version control, caches and secrets, nothing else. A line is left
 * out when it would hide a file that the fat run opened, and a line for secrets also when it would hide a file of
 * which nobody knows whether it was opened.
 * @param contextFiles paths of the context, relative, `/`-separated
 * @param openedByFat the same kind of paths, as far as the fat image was seen to open them; null when nobody looked
 * @param needsVersionControl a build step derives a version from the VCS data
 * @param neededByLean paths that a lean image was seen to lack because they were ignored
 * @returns undefined when nothing may be named
 */
export function dockerignoreFor({
  contextFiles,
  openedByFat,
  needsVersionControl = false,
  neededByLean = new Set(),
}: {
  readonly contextFiles: Iterable<string>
  readonly openedByFat: ReadonlySet<string> | null
  readonly needsVersionControl?: boolean
  readonly neededByLean?: ReadonlySet<string>
}): Dockerignore | undefined {
  const files = [...contextFiles]
  const known = new Set(files)
  const leftOut: { pattern: string; because: string }[] = []
  const lines = candidates.filter((one) => {
    const because = objection(one, {
      ...{ files, known, openedByFat, needsVersionControl, neededByLean },
    })
    if (because !== undefined) leftOut.push({ pattern: one.pattern, because })
    return because === undefined
  })
  if (lines.length === 0) return undefined
  return {
    text: print(lines),
    lines: lines.map(({ pattern, group }) => ({ pattern, group })),
    leftOut,
  }
}

/**
 * The project's own ignore file with a line more for each version control directory that it lets into the context.
 * Nothing else of it is judged: what a project hides and shows is its own choice, and nobody wants his history shipped.
 * @param contextFiles paths of the context without those that the file hides
 * @returns undefined when nothing is to be added
 */
export function withVersionControlIgnored(
  text: string,
  seen: {
    readonly contextFiles: Iterable<string>
    readonly needsVersionControl: boolean
    readonly neededByLean: ReadonlySet<string>
  },
): string | undefined {
  const files = [...seen.contextFiles]
  const found = { ...seen, files, known: new Set(files), openedByFat: null }
  const added = candidates.filter(
    (one) =>
      one.group === 'version control' &&
      files.some((path) => one.matches.test(path)) &&
      objection(one, found) === undefined,
  )
  if (added.length === 0) return undefined
  const end = text === '' || text.endsWith('\n') ? '' : '\n'
  return `${text}${end}${added.map(({ pattern }) => `${pattern}\n`).join('')}`
}

function objection(
  { group, matches, pattern }: Candidate,
  seen: {
    readonly files: readonly string[]
    readonly known: ReadonlySet<string>
    readonly openedByFat: ReadonlySet<string> | null
    readonly needsVersionControl: boolean
    readonly neededByLean: ReadonlySet<string>
  },
): string | undefined {
  if (group === 'version control' && seen.needsVersionControl)
    return 'the build derives a version from it'
  const hidden = seen.files.filter((path) => matches.test(path))
  const needed = hidden.find((path) => seen.neededByLean.has(path))
  if (needed !== undefined) return `the app needs ${needed}`
  const opened = hidden.find((path) => seen.openedByFat?.has(path))
  if (opened !== undefined && !isBytecodeOfSource(opened, seen.known))
    return `the fat image opens ${opened}`
  if (group === 'secrets' && seen.openedByFat === null && hidden[0] !== undefined)
    return `the app may read ${hidden[0]}`
  if (pattern === '**/*.pyc') {
    const orphan = hidden.find((path) => !isBytecodeOfSource(path, seen.known))
    if (orphan !== undefined) return `${orphan} has no source beside it`
  }
  return undefined
}

/** Python makes it again from the source beside it, so hiding it loses nothing. */
function isBytecodeOfSource(path: string, known: ReadonlySet<string>): boolean {
  const cached = /^(.*?)__pycache__\/([^/.]+)\.[^/]*\.pyc$/.exec(path)
  if (cached) return known.has(`${cached[1]}${cached[2]}.py`) || !path.endsWith('.pyc')
  return path.endsWith('.pyc') && known.has(path.slice(0, -1))
}

function print(lines: readonly IgnoreLine[]): string {
  const groups = [...new Set(lines.map((line) => line.group))]
  const title = { 'version control': 'Version control', caches: 'Caches', secrets: 'Secrets' }
  return groups
    .map((group) => {
      const patterns = lines.filter((line) => line.group === group).map((line) => line.pattern)
      return `# ${title[group]}\n${patterns.join('\n')}\n`
    })
    .join('\n')
}
