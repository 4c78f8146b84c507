import { executablesOf } from '../../analysis/index.ts'
import type { FileTree, ImageConfig, TreeEntry } from '../../image/index.ts'
import { isCompiler } from '../system/index.ts'
import type { Refusal } from '../types.ts'

/** Python packages whose purpose is to call a C or C++ compiler while the app runs. */
const compilingPackages: Readonly<Record<string, string>> = {
  aesara: 'compiles its graphs with g++',
  cppimport: 'compiles modules when they are imported',
  cppyy: 'compiles C++ while the app runs',
  pystan: 'compiles each model with g++',
  pytensor: 'compiles its graphs with g++',
  theano: 'compiles its graphs with g++',
  'theano-pymc': 'compiles its graphs with g++',
  triton: 'compiles its launchers with gcc',
}

/** Calls in the app's own sources that start a compiler. */
const compilingCalls: readonly { readonly text: RegExp; readonly what: string }[] = [
  { text: /\btorch\.compile\s*\(|@torch\.compile\b/, what: 'torch.compile' },
  { text: /\bcpp_extension\b[^\n]*\bload|\bload_inline\s*\(/, what: 'torch.utils.cpp_extension' },
  { text: /\bpyximport\b/, what: 'pyximport' },
  { text: /\bnumba\.pycc\b/, what: 'numba.pycc' },
  { text: /\bffi\.verify\s*\(/, what: 'cffi verify' },
  { text: /["'](?:gcc|g\+\+|clang)["']\s*,/, what: 'a compiler by name' },
]

const maxSource = 512 * 1024
const maxSources = 2000

/**
 * Refuses an app that compiles while it runs: a compiler in CMD or ENTRYPOINT, a requirement that needs one, or a call
 * in the app's own Python sources.
 * @param requirements names that the project asks for itself, with where
 * @param kept the project's files
 */
export function refuseCompiler({
  config,
  tree,
  requirements,
  kept,
}: {
  readonly config: ImageConfig
  readonly tree: FileTree
  readonly requirements: readonly { readonly name: string | null; readonly at: string }[]
  readonly kept: readonly TreeEntry[]
}): Refusal | null {
  const found = [
    ...startedCompilers(config, tree),
    ...requirements.flatMap(({ name, at }) => {
      const why = name === null ? undefined : compilingPackages[name]
      return why === undefined ? [] : [`${name} (${at}) ${why}`]
    }),
    ...compilingSources(tree, kept),
  ]
  if (found.length === 0) return null
  return {
    code: 'compiler-needed-at-runtime',
    message: 'the app needs a compiler while it runs, so it cannot be left behind',
    details: found,
  }
}

function startedCompilers(config: ImageConfig, tree: FileTree): readonly string[] {
  return executablesOf(config, tree)
    .filter(({ name }) => isCompiler(name) || /(?:^|\/)make$/.test(name))
    .map(
      ({ name, script, origin }) =>
        `${script ?? (origin === 'start' ? 'CMD' : 'HEALTHCHECK')} runs ${name}`,
    )
}

function compilingSources(tree: FileTree, kept: readonly TreeEntry[]): readonly string[] {
  const sources = kept.filter(
    ({ path, size }) =>
      path.endsWith('.py') &&
      size <= maxSource &&
      !/\/(?:site|dist)-packages\/|\/(?:setup|build[^/]*)\.py$|\/tests?\//.test(path),
  )
  return sources.slice(0, maxSources).flatMap(({ path }) => {
    const text = new TextDecoder().decode(tree.read(path))
    const call = compilingCalls.find((one) => one.text.test(text))
    return call ? [`${path} uses ${call.what}`] : []
  })
}
