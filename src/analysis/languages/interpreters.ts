import type { FileTree } from '../../image/index.ts'
import { textAt } from '../text.ts'
import type { CategoryId, PythonEnvironment } from '../types.ts'
import { factOf, nativeRules, ruleFinder, wholeClaim } from './rules.ts'
import type { Survey } from './survey.ts'
import type { Claim } from './types.ts'

/**
 * What an interpreter consists of that was compiled into `/usr/local`, as the official images have it: no package owns
 * its programs and libraries, and some of these only help to build extensions.
 */
type Kept = { readonly files: ReadonlyMap<string, Claim>; readonly claims: readonly Claim[] }

const forBuilds: CategoryId = 'dev-dependencies'

/** Programs beside `python`: settings for compilers, and Python's editor, translator and manual. */
const pythonHelpers = /^(?:python[\d.]*-config|2to3(?:-[\d.]+)?|idle[\d.]*|pydoc[\d.]*)$/

/** The programs and the shared library of an interpreter. A virtual environment has links to another's. */
export function pythonPrograms(
  { tree }: Survey,
  { prefix, version }: PythonEnvironment,
): ReadonlyMap<string, Claim> {
  const what = `Python ${version}`
  const needed = factOf('runtime', what, 'the interpreter')
  const helper = factOf(forBuilds, what, 'a program for developers')
  const archive = factOf('static-libraries', what, 'for linking it into other programs')
  const programs = filesIn(tree, `${prefix}/bin`, (name) =>
    pythonHelpers.test(name) ? helper : /^python[\d.]*t?$/.test(name) ? needed : undefined,
  )
  const libraries = filesIn(tree, `${prefix}/lib`, (name) =>
    /^libpython[\d.]+t?\.so/.test(name)
      ? needed
      : /^libpython.*\.a$/.test(name)
        ? archive
        : undefined,
  )
  return new Map([...programs, ...libraries])
}

/** `node` in a prefix that has its headers, which say its version. */
export function nodePrograms({ tree }: Survey): ReadonlyMap<string, Claim> {
  const header = textAt(tree, '/usr/local/include/node/node_version.h', 65536) ?? ''
  const [major, minor, patch] = ['MAJOR', 'MINOR', 'PATCH'].map(
    (part) => new RegExp(`^#define NODE_${part}_VERSION (\\d+)`, 'm').exec(header)?.[1],
  )
  if (major === undefined) return new Map()
  const fact = factOf('runtime', `Node.js ${major}.${minor}.${patch}`, 'the interpreter')
  return filesIn(tree, '/usr/local/bin', (name) => (name === 'node' ? fact : undefined))
}

const forCompilers = ruleFinder(nativeRules)

/** Ruby's own library and programs; gems below it are claimed by their specifications. */
export function rubyItself({ tree }: Survey): Kept {
  const versions = tree
    .readdir('/usr/local/lib/ruby')
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
  const claims = versions.map((version): Claim => {
    const what = `Ruby ${version} standard library`
    const needed = factOf('runtime', what, 'its directory')
    return {
      root: `/usr/local/lib/ruby/${version}`,
      classify: (rest) => {
        const rule = forCompilers(rest)
        return rule ? factOf(rule.category, what, rule.why) : needed
      },
    }
  })
  const [version] = versions
  if (version === undefined) return { claims, files: new Map() }
  const needed = factOf('runtime', `Ruby ${version}`, 'the interpreter')
  const archive = factOf(
    'static-libraries',
    `Ruby ${version}`,
    'for linking it into other programs',
  )
  const files = [
    ...filesIn(tree, '/usr/local/lib', (name) =>
      /^libruby.*\.so/.test(name) ? needed : /^libruby.*\.a$/.test(name) ? archive : undefined,
    ),
    ...filesIn(tree, '/usr/local/bin', (name) => (name === 'ruby' ? needed : undefined)),
  ]
  return { claims, files: new Map(files) }
}

/** What `phpize` and PEAR bring is for building extensions; the extensions themselves stay. */
export function phpItself({ tree, isStarted }: Survey): Kept {
  const root = '/usr/local/lib/php'
  if (tree.lookup('/usr/local/bin/php')?.kind !== 'file' || !tree.lookup(root))
    return { claims: [], files: new Map() }
  const needed = factOf('runtime', 'PHP', 'the interpreter and its extensions')
  const helper = factOf(forBuilds, 'PHP', 'for building and fetching extensions')
  const tests = factOf('tests', 'PHP', 'tests of PEAR')
  const docs = factOf('docs-and-locales', 'PHP', 'documentation of PEAR')
  const debuggers = factOf('debug-tools', 'PHP', 'its debugger')
  const classify = (rest: string): ReturnType<Claim['classify']> => {
    if (rest.startsWith('extensions/')) return needed
    if (/^tests?\//.test(rest)) return tests
    return /^docs?\//.test(rest) ? docs : helper
  }
  const programs = ['/usr/local/bin', '/usr/local/sbin'].flatMap((dir) => [
    ...filesIn(tree, dir, (name) => {
      if (isStarted(`${dir}/${name}`)) return undefined
      if (name === 'phpdbg') return debuggers
      if (/^php(?:-cgi|-fpm)?$/.test(name)) return needed
      return /^(?:phpize|php-config|pear|pecl|peardev|phar(?:\.phar)?|docker-php-(?:source|ext-.*))$/.test(
        name,
      )
        ? helper
        : undefined
    }),
  ])
  return { claims: [{ root, classify }], files: new Map(programs) }
}

function filesIn(
  tree: FileTree,
  dir: string,
  factOfName: (name: string) => ReturnType<Claim['classify']>,
): ReadonlyMap<string, Claim> {
  const out = new Map<string, Claim>()
  for (const name of tree.readdir(dir)) {
    const fact = factOfName(name)
    const path = `${dir}/${name}`
    if (fact) out.set(path, wholeClaim(path, fact))
  }
  return out
}
