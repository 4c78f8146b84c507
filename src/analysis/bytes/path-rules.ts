import { byDirectory } from '../canonical.ts'
import type { CategoryId, Confidence } from '../types.ts'
import type { Part } from './package-rules.ts'

/** Category, what says so, and how sure that is. */
export type Rule = readonly [CategoryId, evidence: string, Confidence]

type PathRule = readonly [RegExp, ...Rule]

/**
 * Records of package managers, which scanners read, and licences, which have to be handed on: both stay. Their caches are
 * no records and come before this.
 */
const records: readonly PathRule[] = [
  [
    /^\/(?:var\/lib\/(?:dpkg|rpm|rpmmanifest|apk)|lib\/apk|usr\/lib\/apk|usr\/share\/rpm|usr\/lib\/sysimage)\//,
    'package-metadata',
    'path: package database',
    'A',
  ],
  [
    /^\/var\/lib\/(?:apt\/|dnf\/(?!repos\/)|yum\/)|^\/etc\/apk\/world$/,
    'package-metadata',
    'path: records of the package manager',
    'A',
  ],
  [
    /^\/usr\/share\/(?:doc\/[^/]+\/(?:copyright|LICEN[CS]E[^/]*|COPYING[^/]*)$|(?:common-)?licenses\/)/,
    'package-metadata',
    'path: licence',
    'A',
  ],
]

export function recordRule(path: string): Rule | undefined {
  return placeOf(path).record ? first(records, path) : undefined
}

/** What the directory tells of the rules that may fit a file in it. */
const placeOf = byDirectory((dir) => {
  const within = `${dir}/`
  return {
    record:
      /^\/(?:var\/lib|lib\/apk|usr\/lib\/(?:apk|sysimage)|usr\/share\/(?:rpm|doc|licenses|common-licenses)|etc\/apk)\//.test(
        within,
      ),
    docs: /^\/usr\/(?:share|local|lib\/locale)\//.test(within),
    part: /\/(?:tests?|__tests__|testing_data|examples?|benchmarks?|pkgconfig|cmake|debug)\//.test(
      within,
    ),
  }
})

const docs = /^\/usr\/(?:local\/)?share\/(?:doc|man|info|gtk-doc|help|lintian|linda)\//
const locales =
  /^\/usr\/(?:local\/)?share\/(?:locale|i18n\/locales)\/([^/]*)|^\/usr\/lib\/locale\/(?:locale-archive|(?!C\.)([^/]+)\/)/

/** Documentation and translations, whoever owns them; a translation into the language that the image speaks stays. */
export function docsPart(
  path: string,
  languages: ReadonlySet<string>,
): 'docs' | 'translations' | 'spoken' | undefined {
  if (!placeOf(path).docs) return undefined
  if (docs.test(path)) return 'docs'
  const match = locales.exec(path)
  if (!match) return undefined
  const place = match[1] ?? match[2]
  const used =
    languages.size > 0 &&
    (place === undefined || [...languages].some((one) => isLocale(place, one)))
  return used ? 'spoken' : 'translations'
}

/** `de_DE.utf8` and `de@euro` serve `de`; `default` does not. */
function isLocale(place: string, language: string): boolean {
  return (
    place === language || (place.startsWith(language) && /[_.@]/.test(place[language.length] ?? ''))
  )
}

/** Languages that LANG and its like name: `de` for `LANG=de_DE.UTF-8`; none for C, POSIX and what speaks English anyway. */
export function languagesOf(env: readonly string[]): ReadonlySet<string> {
  const words = env.flatMap(
    (one) => /^(?:LANG|LANGUAGE|LC_\w+)=(.+)$/.exec(one)?.[1]?.split(':') ?? [],
  )
  return new Set(
    words.flatMap((word) => {
      const language = /^([a-z]{2,3})(?:[_.@]|$)/.exec(word)?.[1]
      return language === undefined ? [] : [language]
    }),
  )
}

/** Parts of a package that stays: debug symbols, what only linking reads, and tests inside the package's own root. */
export function partOf(path: string): Part | undefined {
  if (!placeOf(path).part && !path.endsWith('.la')) return undefined
  if (path.startsWith('/usr/lib/debug/')) return 'debug-tools'
  if (isForLinking(path)) return 'dev-libraries'
  return packageTests.test(path) ? 'tests' : undefined
}

/**
 * Tests and examples below the root of a package, where a folder of that name is the package's own. An app has folders
 * of these names as well, and may serve what is in them.
 */
const packageTests =
  /\/(?:site|dist)-packages\/[^/]+\/(?:.*\/)?(?:tests?|testing_data|examples?|benchmarks?)\/|\/node_modules\/(?:@[^/]+\/)?[^/]+\/(?:.*\/)?(?:tests?|__tests__|examples?|benchmarks?)\//

/**
 * pkg-config's and CMake's descriptions of libraries, and libtool's. A `.la` in a folder of plug-ins stays: libltdl opens
 * plug-ins by it (ImageMagick's coders).
 */
function isForLinking(path: string): boolean {
  return /\/(?:pkgconfig\/[^/]+\.pc|cmake\/.*\.cmake)$|^(?:\/usr(?:\/local)?)?\/lib(?:64)?\/(?:[^/]+-linux-[^/]+\/)?[^/]+\.la$/.test(
    path,
  )
}

/** What nobody owns, by its place. The first that fits decides. */
const places: readonly PathRule[] = [
  [/^\/usr\/lib\/debug\/|\.(?:debug|dwo|dwp)$/, 'debug-tools', 'path: debug symbols', 'B'],
  [
    /^\/usr\/local\/(?:go|cargo|rustup)\/|^\/(?:root|home\/[^/]+)\/\.(?:cargo|rustup)\/|^\/usr\/lib\/jvm\/[^/]+\/(?:jmods|include|lib\/src\.zip|lib\/ct\.sym)/,
    'compilers',
    'path: a toolchain',
    'B',
  ],
  [/^\/(?:tmp|var\/tmp)\//, 'package-caches', 'path: temporary files', 'B'],
  [/^\/var\/log\//, 'package-caches', 'path: logs', 'B'],
  [/^\/var\/(?:cache|lib\/dnf\/repos)\//, 'package-caches', 'path: caches', 'B'],
  [
    /\/lib(?:64)?\/libpython\d[\d.]*\.so(?:\.[\d.]+)?$/,
    'runtime',
    "path: Python's own library",
    'B',
  ],
  [/^\/usr\/(?:local\/)?src\//, 'compilers', 'path: sources of the system', 'B'],
]

/** What a name in a place of the system or in a home tells: what an editor, a crash or a tool left there. */
const leftOvers = /\.(?:log|tmp|swp|bak|orig)$|^\/core(?:\.\d+)?$/

export function placeRule(path: string): Rule | undefined {
  if (isForLinking(path)) return ['dev-libraries', 'path: for compiling against a library', 'B']
  const found = first(places, path)
  if (found) return found
  if (leftOvers.test(path) && /^\/(?:(?:etc|var|usr|root|home\/[^/]+)\/|[^/]+$)/.test(path))
    return ['package-caches', 'path: left over by a tool', 'B']
  return undefined
}

function first(rules: readonly PathRule[], path: string): Rule | undefined {
  for (const [pattern, ...rule] of rules) if (pattern.test(path)) return rule
  return undefined
}

/** Directories that the system's packages fill. `/usr/local` and `/usr/src` are for what somebody put there. */
export function isSystemPlace(path: string): boolean {
  return /^\/(?:(?:etc|var|lib|lib32|lib64|libx32|bin|sbin|boot|run)|usr\/(?!local\/|src\/)[^/]+)(?:\/|$)/.test(
    path,
  )
}
