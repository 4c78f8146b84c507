import { type FileTree, readResolved } from '../../image/index.ts'

/** What a start shows of its files; `StartedProgram` has it. */
type Started = { readonly path: string | undefined; readonly files: readonly string[] }

/** A project, and the folder below it that has the server and everything that it loads. */
export type PackedServer = { readonly project: string; readonly output: string }

/** Next.js (`output: 'standalone'`) and Nitro (Nuxt, SolidStart): a server with every package that it loads beside it. */
const output = /^(\/.+?)\/(?:\.next\/standalone|\.output)\//

/**
 * The folder that holds the server's own copy of what it loads (`/app/.next/standalone`), when that is all that the
 * image starts of the project: the `node_modules` that it was built with are of no use then. Null otherwise.
 */
export function packedServer(started: readonly Started[]): PackedServer | null {
  const files = started.flatMap((one) => one.files)
  const found = files.map((file) => output.exec(file)).find((match) => match !== null)
  const [whole = '', project = ''] = found ?? []
  if (project === '') return null
  const others = [...files, ...started.flatMap(({ path }) => path ?? [])].filter(
    (path) => path.startsWith(`${project}/`) && !path.startsWith(whole),
  )
  const runs = (path: string): boolean =>
    path.includes('/node_modules/') || /\.[cm]?[jt]sx?$/.test(path)
  return others.some(runs) ? null : { project, output: whole.slice(0, -1) }
}

/** What only a build reads: sources, which the server has compiled, styles, pages in Markdown, settings, lock files. */
const ofBuild =
  /^(?:app|pages|src|components|styles|lib)\/.*\.(?:css|s[ac]ss|mdx?|[cm]?[jt]sx?|vue|svelte)$|^(?:middleware|instrumentation|next-env\.d)\.[jt]s$|^(?:package-lock|npm-shrinkwrap)\.json$|^(?:yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$|^[\w.-]+\.config\.[cm]?[jt]s$/

/**
 * True for a file of the project that the packed server does without: packages and build output outside of its folder,
 * what it has a copy of, and what only the build reads.
 */
export function isBesidePacked(
  tree: FileTree,
  { project, output }: PackedServer,
  path: string,
): boolean {
  if (!path.startsWith(`${project}/`) || path === output || path.startsWith(`${output}/`))
    return false
  if (output.startsWith(`${path}/`)) return false
  const rest = path.slice(project.length + 1)
  if (/^(?:node_modules|\.next)(?:\/|$)/.test(rest) || ofBuild.test(rest)) return true
  const [here, there] = [tree.lookup(path), tree.lookup(`${output}/${rest}`)]
  return here?.kind === 'file' && there?.kind === 'file' && here.size === there.size
}

/**
 * True for a file outside of the packed server, of a package of which the server has a copy in the same version. The
 * build chose what of it goes along; Node looks further up for the rest, finds it beside a build by accident, and the
 * server does without it wherever its folder is put alone.
 */
export function isOfCarriedPackage(
  tree: FileTree,
  { project, output }: PackedServer,
  path: string,
): boolean {
  const [, folder = '', name = ''] =
    /^(.*\/node_modules\/((?:@[^/]+\/)?[^/]+))\/[^/]/.exec(path) ?? []
  if (!folder.startsWith(`${project}/node_modules/`)) return false
  const [here, there] = [folder, `${output}/node_modules/${name}`].map((one) => identity(tree, one))
  return here !== undefined && here === there
}

/** Name and version that a package says of itself. */
function identity(tree: FileTree, folder: string): string | undefined {
  const bytes = readResolved(tree, `${folder}/package.json`)
  if (!bytes) return undefined
  try {
    const { name, version } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>
    return typeof name === 'string' && typeof version === 'string'
      ? `${name}@${version}`
      : undefined
  } catch {
    return undefined
  }
}
