type Preset = Readonly<Record<string, unknown>>

/** Policies by name for `extends`, as a `jettison.yaml` would write them. */
export const presets: Readonly<Record<'minimal' | 'recommended' | 'strict', Preset>> = {
  minimal: {
    'no-build-tools': 'error',
    'no-package-cache': { max: '2MB' },
    'no-secrets': 'error',
  },
  recommended: {
    'no-build-tools': 'error',
    'no-dev-headers': { max: '1MB', level: 'warn' },
    'no-package-cache': { max: '2MB' },
    'no-vcs-data': 'error',
    'no-docs': { max: '2MB', level: 'warn' },
    'no-secrets': 'error',
    'no-wasted-bytes': { max: '5MB', percent: 2 },
    'no-metadata-copies': { max: '1MB' },
    'max-ballast': { percent: 20, level: 'warn' },
    'max-layer-size': { max: '500MB', level: 'warn' },
    'max-layers': { max: 60, level: 'warn' },
    user: { not: 'root', level: 'warn' },
  },
  strict: {
    'no-build-tools': 'error',
    'no-dev-headers': 'error',
    'no-package-cache': 'error',
    'no-vcs-data': 'error',
    'no-docs': 'error',
    'no-debug-tools': 'error',
    'no-secrets': 'error',
    'no-wasted-bytes': { max: '1MB' },
    'no-metadata-copies': { max: '100kB' },
    'max-ballast': { percent: 2 },
    'max-layer-size': { max: '250MB' },
    'max-layers': { max: 40 },
    'min-stages': { min: 2 },
    'base-image': { pin: 'digest' },
    user: { not: 'root' },
  },
}
