import { isBesidePacked, runsSources } from '../../../analysis/index.ts'
import type { FileTree } from '../../../image/index.ts'
import type { InstructionFacts } from '../../facts/index.ts'
import type { NodeEvidence } from './evidence.ts'

/** What a build that turns sources into something else takes in, and the settings of its tools. */
const sources =
  /\.[cm]?tsx?$|\.(?:jsx|vue|svelte|scss|sass|less|tsbuildinfo)$|\/tsconfig[\w.-]*\.json$|\/\.(?:eslintrc|prettierrc|babelrc|eslintignore|prettierignore|npmignore|editorconfig)(?:\.\w+)?$/

/** Where an app keeps what it serves or reads, whatever the file's name ends with. */
const data =
  /\/(?:static|public|assets|www|htdocs|html|templates|views|data|fixtures|examples|samples|snippets|downloads|media|content|docs)\//i

const loader =
  /(?<![\w-])(?:ts-node|tsx|esbuild-register|@swc-node|@babel\/register|sucrase|jiti)(?![\w-])|\.[cm]?tsx?(?:$|['"\s])|--experimental-strip-types/

const lockFile =
  /\/(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/

/** What node-gyp leaves beside the addon that it built. */
const nodeGyp =
  /\/build\/(?:Release|Debug)\/(?:obj|obj\.target|\.deps)(?:\/|$)|\/build-tmp-[\w-]+(?:\/|$)/

export type KeepContext = {
  readonly tree: FileTree
  readonly evidence: NodeEvidence
  readonly instructions: readonly InstructionFacts[]
  /** Development dependencies are gone at the end of the builder. */
  readonly prunes: boolean
  /** Packages that were installed beside the project and that the image starts: directory names. */
  readonly globals: ReadonlySet<string>
  /** Some RUN compiles sources of the project. */
  readonly compiles: boolean
  readonly env: readonly string[]
}

/** Decides for a path above the base whether the running app needs it. */
export function keepsOf(context: KeepContext): (path: string) => boolean {
  const { tree, evidence, instructions, prunes, globals, compiles, env } = context
  const gone = new Set(
    prunes
      ? evidence.projects.flatMap(({ development }) => development.map(({ path }) => path))
      : [],
  )
  const compiledAway = compiles && !loadsSources(evidence, env)
  const startedFiles = new Set(evidence.started.flatMap(({ files }) => files))
  const copied = new Set(
    instructions.flatMap(({ instruction, layer }) =>
      instruction.kind === 'run' || layer === null ? [] : [layer],
    ),
  )
  return (path) => {
    if (/^\/usr\/local\/(?:lib\/node_modules|bin|share)\//.test(path))
      return isGlobal(path, globals)
    if (evidence.packed && isBesidePacked(tree, evidence.packed, path)) return false
    if (evidence.bundled !== null && path.startsWith(`${evidence.bundled}/node_modules/`))
      return false
    if (path.includes('/node_modules/')) return !nodeGyp.test(path) && !below(path, gone)
    // `npm install` writes the lock file again; what it then says is of no use to the app.
    if (lockFile.test(path)) return copied.has(tree.lookup(path)?.layer ?? -1)
    return !(compiledAway && sources.test(path) && !data.test(path) && !startedFiles.has(path))
  }
}

/** Something at run time reads TypeScript, or names a loader for it. */
function loadsSources({ started }: NodeEvidence, env: readonly string[]): boolean {
  const options = env.filter((line) => line.startsWith('NODE_OPTIONS='))
  const given = [...options, ...started.flatMap((one) => [...one.arguments, ...one.files])]
  return runsSources(started) || given.some((word) => word !== undefined && loader.test(word))
}

function isGlobal(path: string, globals: ReadonlySet<string>): boolean {
  const name = /^\/usr\/local\/lib\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]
  if (name !== undefined) return globals.has(name)
  return path.startsWith('/usr/local/bin/') && globals.has(path)
}

function below(path: string, directories: ReadonlySet<string>): boolean {
  for (let at = path; at.includes('/node_modules/'); at = at.slice(0, at.lastIndexOf('/')))
    if (directories.has(at)) return true
  return false
}
