import type { RunWord, SystemCommand, SystemPackage } from './types.ts'

/** apt's options that take a value in the next word. */
const valued: ReadonlySet<string> = new Set(['-o', '-c', '-t', '--target-release', '--option'])

/**
 * What a command does to the system's packages or to caches: apt, apt-get, dpkg, apk, and `rm` of nothing but package
 * lists, caches and temporary files. @returns null for everything else
 */
export function systemCommand(
  words: readonly RunWord[],
  env: ReadonlyMap<string, string>,
): SystemCommand | null {
  const name = baseName(words[0]?.value ?? '')
  if (name === 'rm') return removesOnlyCaches(words.slice(1)) ? { kind: 'clean' } : null
  if (name === 'apt-mark' || name === 'add-apt-repository' || name === 'apt-key')
    return { kind: 'configure' }
  if (name === 'dpkg') return dpkg(words)
  if (name === 'apk') return apk(words.slice(1), env)
  if (name !== 'apt' && name !== 'apt-get' && name !== 'aptitude') return null
  const rest = withoutOptions(words.slice(1))
  switch (rest[0]?.value) {
    case 'update':
      return { kind: 'update' }
    case 'upgrade':
    case 'dist-upgrade':
    case 'full-upgrade':
      return { kind: 'upgrade' }
    case 'remove':
    case 'purge':
    case 'autoremove':
    case 'autopurge':
      return { kind: 'remove' }
    case 'clean':
    case 'autoclean':
      return { kind: 'clean' }
    case 'install':
      return { kind: 'install', packages: packagesOf(rest.slice(1), env) }
    default:
      return { kind: 'configure' }
  }
}

/** apk's options that take a value in the next word. */
const apkValued: ReadonlySet<string> = new Set([
  '-t',
  '--virtual',
  '-X',
  '--repository',
  '-p',
  '--root',
])

/** apk(8): `add`, `del`, `update`, `upgrade`, `cache`; the name of a `--virtual` group is no package. */
function apk(words: readonly RunWord[], env: ReadonlyMap<string, string>): SystemCommand {
  const rest = withoutOptions(words, apkValued)
  switch (rest[0]?.value) {
    case 'add':
      return { kind: 'install', packages: packagesOf(rest.slice(1), env) }
    case 'del':
      return { kind: 'remove' }
    case 'update':
    case 'upgrade':
      return { kind: rest[0].value }
    case 'cache':
      return { kind: 'clean' }
    default:
      return { kind: 'configure' }
  }
}

function withoutOptions(words: readonly RunWord[], options = valued): RunWord[] {
  const rest: RunWord[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at]
    if (!word) continue
    if (options.has(word.text)) at += 1
    else if (!word.text.startsWith('-')) rest.push(word)
  }
  return rest
}

/** Null when a word is not a package name: a variable nobody knows, a `.deb` file, a task. */
function packagesOf(
  words: readonly RunWord[],
  env: ReadonlyMap<string, string>,
): readonly SystemPackage[] | null {
  const packages: SystemPackage[] = []
  for (const word of words) {
    const texts = word.value === null ? fromVariable(word.text, env) : [word.value]
    for (const text of texts ?? ['$']) {
      const name = /^[a-z0-9][a-z0-9+._-]*?(?=$|[=<>~@]|\/|:[a-z0-9]+$)/.exec(text)?.[0]
      if (name === undefined || text.endsWith('.deb')) return null
      packages.push({ name, text })
    }
  }
  return packages
}

function fromVariable(
  text: string,
  env: ReadonlyMap<string, string>,
): readonly string[] | undefined {
  const name = /^"?\$(?:\{(\w+)\}|(\w+))"?$/.exec(text)
  return env
    .get(name?.[1] ?? name?.[2] ?? '')
    ?.split(/\s+/)
    .filter((one) => one !== '')
}

function dpkg(words: readonly RunWord[]): SystemCommand {
  const installs = words.some((word) => word.text === '-i' || word.text === '--install')
  return installs ? { kind: 'install', packages: null } : { kind: 'configure' }
}

const caches =
  /^(?:\/var\/lib\/apt(?:\/lists)?|\/var\/cache(?:\/apt(?:\/archives)?|\/apk|\/debconf)?|\/var\/log|\/tmp|\/var\/tmp|(?:\/root|~|\$HOME|\$\{HOME\})\/\.cache(?:\/pip)?|\/usr\/share\/(?:doc|man|locale|info))(?:\/\S*)?$/

function removesOnlyCaches(words: readonly RunWord[]): boolean {
  const paths = words.filter((word) => !word.text.startsWith('-'))
  return paths.length > 0 && paths.every((word) => caches.test(word.text))
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
