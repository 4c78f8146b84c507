/** What a call does. `other` is anything that neither adds nor removes packages nor their caches. */
export type PackageAction = 'install' | 'remove' | 'update' | 'upgrade' | 'clean' | 'other'

export type PackageManager = {
  readonly manager: 'apt' | 'apk' | 'dnf' | 'pip' | 'npm'
  /** Names of the program, without its folder. */
  readonly tools: RegExp
  readonly actions: ReadonlyMap<string, PackageAction>
  /** Options whose value is the next word. */
  readonly valued: ReadonlySet<string>
  /** Options whose value is a package. */
  readonly carriers: ReadonlySet<string>
  /** Options whose value is a file that lists packages. */
  readonly lists: ReadonlySet<string>
  /** Splits a word into name and version; null when it names none (a path, a URL). */
  readonly split: (word: string) => { name: string; version: string | null } | null
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const actions = (
  known: Readonly<Record<string, PackageAction>>,
): ReadonlyMap<string, PackageAction> => new Map(Object.entries(known))

export const managers: readonly PackageManager[] = [
  {
    manager: 'apt',
    tools: /^(?:apt-get|apt|aptitude)$/,
    actions: actions({
      install: 'install',
      reinstall: 'install',
      'build-dep': 'install',
      satisfy: 'install',
      remove: 'remove',
      purge: 'remove',
      autoremove: 'remove',
      autopurge: 'remove',
      update: 'update',
      upgrade: 'upgrade',
      'dist-upgrade': 'upgrade',
      'full-upgrade': 'upgrade',
      clean: 'clean',
      autoclean: 'clean',
      distclean: 'clean',
    }),
    valued: words(
      '-o --option -t --target-release --default-release -c --config-file -a --host-architecture',
    ),
    carriers: new Set(),
    lists: new Set(),
    split: (word) =>
      /^(?:\.{0,2}\/|\S+:\/\/)/.test(word) ? null : parts(/^([^=/]+)(?:[=/](.+))?$/, word),
  },
  {
    manager: 'apk',
    tools: /^apk$/,
    actions: actions({
      add: 'install',
      del: 'remove',
      update: 'update',
      upgrade: 'upgrade',
      cache: 'clean',
    }),
    valued: words(
      '-t --virtual -X --repository -p --root --repositories-file --keys-dir --cache-dir --arch --wait',
    ),
    carriers: new Set(),
    lists: new Set(),
    split: (word) =>
      /^(?:\.{0,2}\/)/.test(word) ? null : parts(/^([^=<>~@]+)(?:[=<>~@]+(.+))?$/, word),
  },
  {
    manager: 'dnf',
    tools: /^(?:dnf5?|yum|microdnf|tdnf)$/,
    actions: actions({
      install: 'install',
      reinstall: 'install',
      groupinstall: 'install',
      localinstall: 'install',
      remove: 'remove',
      erase: 'remove',
      autoremove: 'remove',
      makecache: 'update',
      'check-update': 'update',
      update: 'upgrade',
      upgrade: 'upgrade',
      clean: 'clean',
    }),
    valued: words(
      '-c --config -x --exclude --setopt --repo --repoid --enablerepo --disablerepo --releasever --installroot',
    ),
    carriers: new Set(),
    lists: new Set(),
    split: (word) => (/^(?:\.{0,2}\/|\S+:\/\/)/.test(word) ? null : { name: word, version: null }),
  },
  {
    manager: 'pip',
    tools: /^pip(?:\d+(?:\.\d+)?)?$/,
    actions: actions({ install: 'install', uninstall: 'remove', cache: 'clean' }),
    valued: words(
      '-t --target -i --index-url --extra-index-url -f --find-links --no-binary --only-binary --root ' +
        '--prefix --src --platform --python-version --implementation --abi --progress-bar --trusted-host --proxy ' +
        '--timeout --retries --cert --client-cert --cache-dir --upgrade-strategy --global-option --config-settings ' +
        '-C --python --log --report --exists-action --use-feature --use-deprecated --keyring-provider --root-user-action',
    ),
    carriers: words('-e --editable'),
    lists: words('-r --requirement -c --constraint --group'),
    split: (word) =>
      /^(?:\.|\/|~|\S+\.whl$|\S+\.tar\.gz$)|:\/\//.test(word) &&
      !/^[\w.-]+(?:\[[^\]]*\])? *@/.test(word)
        ? null
        : parts(/^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?) *((?:[=<>~!@;].*)?)$/s, word),
  },
  {
    manager: 'npm',
    tools: /^npm$/,
    actions: actions({
      install: 'install',
      i: 'install',
      add: 'install',
      ci: 'install',
      'clean-install': 'install',
      uninstall: 'remove',
      remove: 'remove',
      rm: 'remove',
      prune: 'remove',
      update: 'upgrade',
      cache: 'clean',
    }),
    valued: words(
      '--registry --prefix -C --cache --omit --include --loglevel --userconfig -w --workspace',
    ),
    carriers: new Set(),
    lists: new Set(),
    split: (word) => (/^(?:\.|\/)|:/.test(word) ? null : parts(/^(@?[^@]+)(?:@(.*))?$/, word)),
  },
]

function parts(pattern: RegExp, word: string): { name: string; version: string | null } | null {
  const match = pattern.exec(word)
  const name = match?.[1]
  if (name === undefined) return null
  return { name, version: match?.[2] ? match[2] : null }
}
