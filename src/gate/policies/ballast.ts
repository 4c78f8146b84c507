import { ballastCategories, type CategoryId } from '../../analysis/index.ts'
import { formatSize } from '../../base/index.ts'
import type { PolicyKind } from '../define.ts'
import { sortIgnored } from '../ignore.ts'
import { many } from '../many.ts'
import type { Examined, Finding, GateImage, Item, WeighedFile } from '../types.ts'
import { cacheFix, developmentFix, vcsFix } from './fixes.ts'

/** Everything that the running app never needs, in the layers above the base. */
export const maxBallast: PolicyKind<{ readonly max: 'size?'; readonly percent: 'percent?' }> = {
  options: { max: 'size?', percent: 'percent?' },
  why: 'bytes that nothing at run time reads',
  fix: 'jettison slim; jettison analyze IMAGE names them',
  slimFixes: true,
  needsBase: true,
  judge: ({ max, percent }, input) => {
    const limits = [
      ...(max === null ? [] : [formatSize(max)]),
      ...(percent === null ? [] : [`${percent} % of the own layers`]),
    ]
    const limit = limits.join(' and ') || 'none'
    const common = { title: `at most ${limit} of ballast`, allowed: limit }
    if (!input.image) return { ...common, status: 'skip', found: 'no image', items: [] }
    const whole = sum(input.image.weight().files.filter(ownTo(input.image)))
    return byCategory('max-ballast', common, input, input.image, {
      categories: ballastCategories,
      fails: (bytes) => bytes > (max ?? 0) && (percent === null || bytes * 100 > percent * whole),
    })
  },
}

type CategoryPolicy = PolicyKind<{ readonly max: 'size?'; readonly allow: 'texts?' }>

/** One category, none of which may be in the layers above the base. */
function without(
  id: string,
  categories: readonly CategoryId[],
  text: {
    readonly title: string
    readonly why: string
    readonly fix: string
    readonly fixFor?: (items: readonly Item[]) => string | null
  },
): CategoryPolicy {
  return {
    options: { max: 'size?', allow: 'texts?' },
    why: text.why,
    fix: text.fix,
    slimFixes: true,
    needsBase: true,
    judge: ({ max, allow }, input) => {
      const common = {
        title: text.title,
        allowed: max === null ? 'none above the runtime base' : `at most ${formatSize(max)}`,
      }
      if (!input.image) return { ...common, status: 'skip', found: 'no image', items: [] }
      const found = byCategory(id, common, input, input.image, {
        categories,
        fails: (bytes) => bytes > (max ?? 0),
        allow: allow ?? [],
      })
      return { ...found, fix: text.fixFor?.(found.items) ?? text.fix }
    },
  }
}

export const noBuildTools: CategoryPolicy = without(
  'no-build-tools',
  ['compilers', 'tool-dependencies'],
  {
    title: 'no build tools in the final layers',
    why: 'compilers enlarge every pull and hand an intruder a workshop',
    fix: 'build in a first stage and copy the result: jettison slim writes it',
  },
)

export const noDevHeaders: CategoryPolicy = without(
  'no-dev-headers',
  ['headers', 'static-libraries', 'dev-libraries'],
  {
    title: 'no headers and static libraries in the final layers',
    why: 'only a compiler reads these',
    fix: 'install -dev packages in a build stage only',
  },
)

export const noPackageCache: CategoryPolicy = without('no-package-cache', ['package-caches'], {
  title: 'no package caches, logs and temporary files',
  why: 'they can be fetched again, and nobody does',
  fix: 'RUN --mount=type=cache for the cache, and remove package lists in the RUN that made them',
  fixFor: cacheFix,
})

export const noVcsData: CategoryPolicy = without('no-vcs-data', ['vcs'], {
  title: 'no version control data and tools',
  why: 'the history of the sources, and often secrets in it, ships with the app; its tools fetch more',
  fix: 'name .git in .dockerignore, and use git in a build stage',
  fixFor: vcsFix,
})

export const noDocs: CategoryPolicy = without('no-docs', ['docs-and-locales'], {
  title: 'no documentation and locales',
  why: 'nobody reads manuals in a container',
  fix: 'start from a slim base, install with --no-install-recommends',
})

export const noTests: CategoryPolicy = without('no-tests', ['tests'], {
  title: 'no tests in the final layers',
  why: 'nobody runs them inside this image',
  fix: 'name your own in .dockerignore; copy installed packages from a build stage that removes theirs',
})

export const noDevDependencies: CategoryPolicy = without(
  'no-dev-dependencies',
  ['dev-dependencies'],
  {
    title: 'no development dependencies in the final layers',
    why: 'installed for building and testing only, and more to patch',
    fix: 'install them in a build stage only',
    fixFor: developmentFix,
  },
)

export const noDebugTools: CategoryPolicy = without('no-debug-tools', ['debug-tools'], {
  title: 'no debuggers and debug symbols',
  why: 'they are large, and nobody debugs inside this image',
  fix: 'strip what you build; keep debuggers in an image of their own',
})

type Rule = {
  readonly categories: readonly CategoryId[]
  readonly fails: (bytes: number) => boolean
  readonly allow?: readonly string[]
}

function byCategory(
  id: string,
  common: Pick<Finding, 'title' | 'allowed'>,
  input: Examined,
  image: GateImage,
  { categories, fails, allow = [] }: Rule,
): Finding {
  const { files, layers } = image.weight()
  const wanted = files.filter(({ category, bytes }) => categories.includes(category) && bytes > 0)
  const allowed = (file: WeighedFile): boolean =>
    allow.some((name) => packageOf(file) === name || packageOf(file).startsWith(`${name}-`))
  const own = wanted.filter(ownTo(image))
  const unsure = own.filter((file) => !allowed(file) && file.confidence === 'C')
  const isKept = ({ keptBy }: WeighedFile): boolean => keptBy !== undefined
  const { counted, notCounted } = sortIgnored(
    id,
    own
      .filter((file) => !allowed(file) && file.confidence !== 'C' && !isKept(file))
      .map((file) => ({
        ...file,
        package: packageOf(file),
        line: layers[file.layer]?.line ?? undefined,
      })),
    input,
  )
  const bytes = sum(counted)
  const rest = [
    ['in the runtime base', wanted.filter((file) => !ownTo(image)(file))],
    ['allowed by name', own.filter(allowed)],
    ['that nothing but a name or a place speaks for', unsure],
    ['that packages which stay list as their own', own.filter(isKept)],
  ] as const
  return {
    ...common,
    status: counted.length > 0 && fails(bytes) ? 'fail' : 'pass',
    found:
      counted.length === 0 ? 'none' : `${formatSize(bytes)} in ${many(counted.length, 'file')}`,
    items: grouped(counted, (layer) => layers[layer]?.line ?? null),
    notCounted: [
      ...rest
        .filter(([, list]) => list.length > 0)
        .map(([why, list]) => `${formatSize(sum(list))} ${why}`),
      ...notCounted,
    ],
  }
}

function ownTo(image: GateImage): (file: WeighedFile) => boolean {
  return ({ layer }) => layer >= image.baseLayers
}

function packageOf({ what }: WeighedFile): string {
  return /^(\S+)(?: \S+)? \(\w+\)$/.exec(what)?.[1] ?? ''
}

/** Files of one origin together, largest first. */
function grouped(
  files: readonly WeighedFile[],
  lineOf: (layer: number) => number | null,
): readonly Item[] {
  const groups = new Map<string, { first: WeighedFile; bytes: number; files: number }>()
  for (const file of files) {
    const group = groups.get(file.what) ?? { first: file, bytes: 0, files: 0 }
    groups.set(file.what, group)
    group.bytes += file.bytes
    group.files += 1
  }
  return [...groups.values()]
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ first, bytes }) => {
      const line = lineOf(first.layer)
      return {
        what: `${first.what} ${formatSize(bytes)}, layer ${first.layer + 1}`,
        bytes,
        ...(packageOf(first) === '' ? {} : { package: packageOf(first) }),
        path: first.path,
        category: first.category,
        layer: first.layer,
        ...(line === null ? {} : { line }),
      }
    })
}

function sum(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0)
}
