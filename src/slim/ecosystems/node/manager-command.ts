import type { RunCommand } from '../../facts/index.ts'

export type Manager = 'npm' | 'yarn' | 'pnpm'

/** A call of a package manager, or of a program that a package brings. */
export type ManagerCommand = {
  readonly manager: Manager
  /**
   * `install`: what the project declares, or packages named on the line; `global`: beside the project; `script`: runs
   * something of the project or of a package; `upkeep`: leaves nothing that the app needs; `other`: changes what is
   * installed in another way.
   */
  readonly kind: 'install' | 'global' | 'script' | 'upkeep' | 'other'
  /** `ci`, `install`, `run`; the manager itself for a bare `yarn`. */
  readonly verb: string
  /** Where another option fits, an offset of the Dockerfile. */
  readonly optionAt: number
  /** Options as written, `--legacy-peer-deps`. */
  readonly options: readonly string[]
}

const verbs: Readonly<
  Record<Manager, Readonly<Record<ManagerCommand['kind'], ReadonlySet<string>>>>
> = {
  npm: {
    install: new Set(['ci', 'install', 'i', 'add', 'clean-install', 'ic', 'install-clean', 'in']),
    global: new Set(),
    script: new Set(['run', 'run-script', 'exec', 'x', 'start', 'build', 'explore']),
    upkeep: new Set([
      ...['cache', 'config', 'set', 'get', 'audit', 'test', 't', 'tst', 'ls', 'list', 'outdated'],
      ...['fund', 'doctor', 'version', '-v', '--version', 'ping', 'view', 'info', 'pkg'],
    ]),
    other: new Set(),
  },
  yarn: {
    install: new Set(['install', 'add']),
    global: new Set(['global']),
    script: new Set(['run', 'exec', 'workspace', 'workspaces', 'dlx']),
    upkeep: new Set([
      'cache',
      'config',
      'audit',
      'check',
      'list',
      'why',
      'test',
      '-v',
      '--version',
      'set',
    ]),
    other: new Set(['remove', 'dedupe', 'link', 'autoclean', 'rebuild', 'plugin', 'patch-commit']),
  },
  pnpm: {
    install: new Set(['install', 'i', 'add', 'fetch', 'ci']),
    global: new Set(),
    script: new Set(['run', 'exec', 'dlx', 'deploy', 'build', 'start']),
    upkeep: new Set([
      'store',
      'config',
      'audit',
      'list',
      'ls',
      'why',
      'test',
      't',
      '-v',
      '--version',
      'setup',
    ]),
    other: new Set(['prune', 'remove', 'rebuild', 'link', 'dedupe', 'patch-commit']),
  },
}

/** Reads a command of a RUN; null when no package manager of Node is called. */
export function managerCommand({ name, words }: RunCommand): ManagerCommand | null {
  if (name === 'npx' || name === 'pnpx')
    return call(words, name === 'npx' ? 'npm' : 'pnpm', 'script')
  if (name === 'corepack') return call(words, 'npm', 'global')
  const manager = name === 'yarnpkg' ? 'yarn' : name
  if (manager !== 'npm' && manager !== 'yarn' && manager !== 'pnpm') return null
  const rest = words.slice(1)
  const at = rest.findIndex(
    (word, index) => !word.text.startsWith('-') && !takesValue(rest[index - 1]?.text),
  )
  const verb =
    rest[at]?.value ?? (manager === 'yarn' || rest.length === 0 ? 'install' : (rest[0]?.text ?? ''))
  const isGlobal = rest.some((word) => /^(?:-g|--global|--location=global)$/.test(word.text))
  const known = verbs[manager]
  const kind: ManagerCommand['kind'] = known.global.has(verb)
    ? 'global'
    : known.install.has(verb)
      ? isGlobal
        ? 'global'
        : 'install'
      : known.script.has(verb)
        ? 'script'
        : known.upkeep.has(verb)
          ? 'upkeep'
          : known.other.has(verb) || manager === 'npm'
            ? 'other'
            : 'script'
  return { ...call(words, manager, kind, at === -1 ? 0 : at + 1), verb }
}

/** Options of the managers that take the next word. */
function takesValue(option: string | undefined): boolean {
  return /^(?:--prefix|-C|--cwd|--dir|--filter|-F|--workspace|-w|--registry|--cache|--userconfig|--loglevel)$/.test(
    option ?? '',
  )
}

function call(
  words: RunCommand['words'],
  manager: Manager,
  kind: ManagerCommand['kind'],
  verbAt = 0,
): ManagerCommand {
  const word = words[verbAt] ?? words[0]
  return {
    manager,
    kind,
    verb: word?.value ?? '',
    optionAt: word?.range.end ?? 0,
    options: words.map((one) => one.text).filter((text) => text.startsWith('-')),
  }
}
