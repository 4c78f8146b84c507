/** One requirement of a requirements file or a command line (PEP 508, or pip's own path and URL forms). */
export type Requirement = {
  /** As written, without trailing comment and per-requirement options. */
  readonly text: string
  /** PEP 503 normalised name; null when only a build can tell (a path or a URL without `#egg=`). */
  readonly name: string | null
  readonly kind: 'name' | 'url' | 'vcs' | 'path'
  readonly editable: boolean
  readonly hashed: boolean
  /** Where it stands, `requirements.txt:3`. */
  readonly at: string
}

/** An option line such as `--no-binary :all:`. */
export type RequirementOption = {
  readonly name: string
  readonly value: string | null
  readonly at: string
}

/** A requirements file with everything it includes. */
export type RequirementsFile = {
  readonly path: string
  readonly requirements: readonly Requirement[]
  readonly options: readonly RequirementOption[]
  /** Other files it names with `-r` or `-c`, absolute paths, and whether they could be read. */
  readonly includes: readonly { readonly path: string; readonly read: boolean }[]
}

/**
 * Parses a requirements file as pip does (pip.pypa.io, "Requirements File Format") and follows its `-r` lines.
 * @param path absolute path inside the image; relative includes start from its directory
 * @param read text of a file, undefined when there is none
 * @returns undefined when the file itself cannot be read
 */
export function readRequirements(
  path: string,
  read: (path: string) => string | undefined,
  seen: ReadonlySet<string> = new Set(),
): RequirementsFile | undefined {
  const text = read(path)
  if (text === undefined) return undefined
  const requirements: Requirement[] = []
  const options: RequirementOption[] = []
  const includes: { path: string; read: boolean }[] = []
  const below = new Set([...seen, path])
  for (const { line, number } of logicalLines(text)) {
    const at = `${baseName(path)}:${number}`
    const option = optionOf(line)
    if (!option) requirements.push(parseRequirement(line, at))
    else if (option.name === '--editable')
      requirements.push({ ...parseRequirement(option.value ?? '', at), editable: true })
    else if (option.name === '--requirement' || option.name === '--constraint') {
      const target = resolveFrom(path, option.value ?? '')
      const inner = below.has(target) ? undefined : readRequirements(target, read, below)
      includes.push({ path: target, read: inner !== undefined || below.has(target) })
      if (!inner) continue
      includes.push(...inner.includes)
      options.push(...inner.options)
      if (option.name === '--requirement') requirements.push(...inner.requirements)
    } else options.push({ ...option, at })
  }
  return { path, requirements, options, includes }
}

/** One requirement as pip reads it from a line or an argument. */
export function parseRequirement(line: string, at: string): Requirement {
  const text = line.replace(/\s+--(?:hash|global-option|install-option|config-settings?)\b.*$/, '')
  const hashed = /\s--hash[=\s]/.test(line)
  const common = { text: text.trim(), editable: false, hashed, at }
  const direct = /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*@\s*(\S+)/.exec(text)
  const url = direct?.[2] ?? (/^(?:[a-z]+\+)?[a-z]+:/.test(text) ? text : undefined)
  if (url !== undefined) {
    const egg = /[#&]egg=([A-Za-z0-9._-]+)/.exec(url)?.[1]
    const name = direct?.[1] ?? egg
    const kind = /^(?:git|hg|svn|bzr)\+/.test(url)
      ? 'vcs'
      : url.startsWith('file:')
        ? 'path'
        : 'url'
    return { ...common, kind, name: name === undefined ? null : normalise(name) }
  }
  if (/^[./]/.test(text) || /\.(?:whl|tar\.gz|zip)$/.test(text.trim()) || text.includes('/')) {
    const wheel = /([^/]+?)-\d[^/]*\.whl$/.exec(text.trim())?.[1]
    return { ...common, kind: 'path', name: wheel === undefined ? null : normalise(wheel) }
  }
  const name = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/.exec(text.trim())?.[0]
  return { ...common, kind: 'name', name: name === undefined ? null : normalise(name) }
}

/** PEP 503. */
export function normalise(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}

const short: Readonly<Record<string, string>> = {
  '-r': '--requirement',
  '-c': '--constraint',
  '-e': '--editable',
  '-i': '--index-url',
  '-f': '--find-links',
}

function optionOf(line: string): { name: string; value: string | null } | undefined {
  const found = /^(--?[A-Za-z][A-Za-z-]*)(?:\s*=\s*|\s+|$)(.*)$/.exec(line)
  const attached = /^(-[rceif])(\S.*)$/.exec(line)
  const [name, value] = found
    ? [found[1] ?? '', found[2] ?? '']
    : attached
      ? [attached[1] ?? '', attached[2] ?? '']
      : ['', '']
  if (name === '') return undefined
  const bare = value.trim().replace(/^(['"])(.*)\1$/, '$2')
  return { name: short[name] ?? name, value: bare === '' ? null : bare }
}

/** Continuations joined, comments and blank lines gone; `number` is the first physical line, from 1. */
function logicalLines(text: string): { line: string; number: number }[] {
  const found: { line: string; number: number }[] = []
  let pending = ''
  let first = 0
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (pending === '') first = index + 1
    const comment = /^\s*#/.test(raw)
    if (raw.endsWith('\\') && !comment) {
      pending += `${raw.slice(0, -1)} `
      continue
    }
    const line = (pending + (comment ? '' : raw)).replace(/(^|\s)#.*$/, '').trim()
    pending = ''
    if (line !== '') found.push({ line, number: first })
  }
  const rest = pending.trim()
  if (rest !== '') found.push({ line: rest, number: first })
  return found
}

function resolveFrom(file: string, target: string): string {
  if (target.startsWith('/')) return target
  const parts = file.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
