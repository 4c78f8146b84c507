import type { Item } from '../types.ts'

type Fixes = readonly (readonly [found: RegExp, fix: string])[]

/** What to write for each cache that is there, the largest first. */
export function cacheFix(items: readonly Item[]): string | null {
  const paths = items.map(({ path = '' }) => path)
  const fixes = cacheFixes.filter(([folder]) => paths.some((path) => folder.test(path)))
  return fixes.length === 0 ? null : fixes.map(([, fix]) => fix).join('; ')
}

const cacheFixes: Fixes = [
  [
    /^\/var\/(?:lib|cache)\/apt\//,
    'rm -rf /var/lib/apt/lists/* at the end of the RUN that installs',
  ],
  [/^\/var\/cache\/apk\/|^\/etc\/apk\/cache\//, 'apk add --no-cache'],
  [/^\/var\/(?:cache|lib)\/(?:dnf|yum)\//, 'dnf clean all at the end of the RUN that installs'],
  [
    /\/\.cache\/pip\//,
    'pip install --no-cache-dir, or RUN --mount=type=cache,target=/root/.cache/pip',
  ],
  [/\/\.npm\//, 'RUN --mount=type=cache,target=/root/.npm'],
  [/\/\.cargo\/registry\//, 'RUN --mount=type=cache,target=/usr/local/cargo/registry'],
  [/\/go\/pkg\/mod\/cache\/|\/\.cache\/go-build\//, 'RUN --mount=type=cache,target=/go/pkg/mod'],
  [/\/\.m2\/|\/\.gradle\//, 'RUN --mount=type=cache for ~/.m2 and ~/.gradle'],
]

const developmentFixes: Fixes = [
  [
    /^(?:pip|setuptools|wheel) .*\(pip\)/,
    'copy what pip installed from a build stage: the app runs without pip',
  ],
  [/\((?:npm|pnpm|yarn)\)|\/node_modules/, 'npm ci --omit=dev'],
  [/\(gem\)/, 'bundle config set without development test'],
]

/** By the installer of what is there. */
export function developmentFix(items: readonly Item[]): string | null {
  const fixes = developmentFixes.filter(([kind]) => items.some(({ what }) => kind.test(what)))
  return fixes.length === 0 ? null : fixes.map(([, fix]) => fix).join('; ')
}

/** Data is kept out of the context, tools are left in a build stage; both at once have the general words. */
export function vcsFix(items: readonly Item[]): string | null {
  const isTool = (item: Item): boolean => item.package !== undefined
  if (items.length === 0) return null
  if (items.every(isTool))
    return 'install and use it in a build stage, or start from a base without it'
  return items.some(isTool) ? null : 'name .git in .dockerignore'
}
