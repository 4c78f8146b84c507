/**
 * Where each option of `pip install` belongs after the split: `build` goes to `pip wheel` only, `install` to the
 * runtime's `pip install` only, `both` to both, `drop` to neither. Checked against `pip wheel --help` and
 * `pip install --help` of pip 23 to 26. An option that is not listed makes the planner refuse.
 */
export type PipOption = {
  readonly place: 'build' | 'install' | 'both' | 'drop'
  readonly takesValue: boolean
}

const flag = (place: PipOption['place']): PipOption => ({ place, takesValue: false })
const valued = (place: PipOption['place']): PipOption => ({ place, takesValue: true })

export const pipOptions: Readonly<Record<string, PipOption>> = {
  '--requirement': valued('both'),
  '--constraint': valued('both'),
  '--editable': valued('both'),
  '--group': valued('both'),
  '--no-deps': flag('both'),
  '--pre': flag('both'),
  '--ignore-requires-python': flag('both'),
  '--quiet': flag('both'),
  '--verbose': flag('both'),
  '--no-input': flag('both'),
  '--no-color': flag('both'),
  '--isolated': flag('both'),
  '--require-virtualenv': flag('both'),
  '--disable-pip-version-check': flag('both'),
  '--no-python-version-warning': flag('both'),
  '--progress-bar': valued('both'),
  '--python': valued('both'),
  '--use-feature': valued('both'),
  '--use-deprecated': valued('both'),
  '--exists-action': valued('both'),
  '--index-url': valued('build'),
  '--pypi-url': valued('build'),
  '--extra-index-url': valued('build'),
  '--find-links': valued('build'),
  '--no-index': flag('build'),
  '--trusted-host': valued('build'),
  '--proxy': valued('build'),
  '--retries': valued('build'),
  '--timeout': valued('build'),
  '--default-timeout': valued('build'),
  '--cert': valued('build'),
  '--client-cert': valued('build'),
  '--keyring-provider': valued('build'),
  '--no-binary': valued('build'),
  '--only-binary': valued('build'),
  '--prefer-binary': flag('build'),
  '--require-hashes': flag('build'),
  '--no-build-isolation': flag('build'),
  '--use-pep517': flag('build'),
  '--no-use-pep517': flag('build'),
  '--check-build-dependencies': flag('build'),
  '--config-settings': valued('build'),
  '--config-setting': valued('build'),
  '--global-option': valued('build'),
  '--build-option': valued('build'),
  '--build-constraint': valued('build'),
  '--src': valued('build'),
  '--no-clean': flag('build'),
  '--log': valued('build'),
  '--upgrade': flag('install'),
  '--upgrade-strategy': valued('install'),
  '--force-reinstall': flag('install'),
  '--ignore-installed': flag('install'),
  '--user': flag('install'),
  '--target': valued('install'),
  '--prefix': valued('install'),
  '--root': valued('install'),
  '--compile': flag('install'),
  '--no-compile': flag('install'),
  '--break-system-packages': flag('install'),
  '--root-user-action': valued('install'),
  '--no-warn-script-location': flag('install'),
  '--no-warn-conflicts': flag('install'),
  '--no-cache-dir': flag('drop'),
  '--cache-dir': valued('drop'),
}

/** Short spellings, as pip's help lists them. */
export const pipShort: Readonly<Record<string, string>> = {
  '-r': '--requirement',
  '-c': '--constraint',
  '-e': '--editable',
  '-t': '--target',
  '-i': '--index-url',
  '-f': '--find-links',
  '-C': '--config-settings',
  '-U': '--upgrade',
  '-I': '--ignore-installed',
  '-q': '--quiet',
  '-v': '--verbose',
}
