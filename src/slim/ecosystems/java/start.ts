import { executablesOf, manifestClassPath, type StartedProgram } from '../../../analysis/index.ts'
import { type FileTree, resolvePath } from '../../../image/index.ts'
import type { ProjectInput } from '../../types.ts'

/** What the image starts, as far as Java is concerned. */
export type JavaStart = {
  /** True when a `java` is started, by the configuration or by a script of the project. */
  readonly starts: boolean
  /** Jars and other files that the command lines name, with those that their manifests name. Absolute. */
  readonly files: ReadonlySet<string>
  /** Folders of the class path, and of a distribution with a start script. Absolute. */
  readonly folders: readonly string[]
  /** Something that could be a jar or a class path is only known at run time. */
  readonly open: boolean
  /** Builders that the image starts: `mvn spring-boot:run`. */
  readonly builders: readonly string[]
}

const builder = /^(?:mvn|mvnw|gradle|gradlew|ant|sbt|javac|jshell|lein|mill)$/

/** Follows ENTRYPOINT and CMD to the jars and folders that a JVM is given. */
export function javaStart({ facts, fatTree: tree }: ProjectInput): JavaStart {
  const programs = executablesOf(facts.config, tree).filter(({ origin }) => origin === 'start')
  const base = facts.config.config.WorkingDir || '/'
  const env = new Map((facts.config.config.Env ?? []).map(pairOf))
  const javas = programs.filter(({ name }) => baseName(name) === 'java')
  const words = javas.map((one) => classPathOf(one, env.get('CLASSPATH')))
  const named = words.flatMap((one) => one.entries)
  const places = named.map((word) => placesOf(tree, base, word))
  const files = withManifests(
    tree,
    places.flatMap((one) => one.files),
  )
  const scripts = distributions(programs, facts.baseLayers, tree)
  return {
    starts: javas.length > 0 || scripts.length > 0,
    files,
    folders: [...places.flatMap((one) => one.folders), ...scripts],
    open:
      words.some((one) => one.open) ||
      places.some((one) => one.files.length + one.folders.length === 0),
    builders: programs.map(({ name }) => baseName(name)).filter((name) => builder.test(name)),
  }
}

/** Options of `java` that take the next word and are no class path. */
const valued =
  /^(?:--add-(?:modules|opens|exports|reads)|--module-path|-p|--limit-modules|--patch-module)$/

function classPathOf(
  { arguments: words }: StartedProgram,
  variable: string | undefined,
): { readonly entries: readonly string[]; readonly open: boolean } {
  const entries: string[] = []
  let path = variable ?? '.'
  for (let at = 0; at < words.length; at++) {
    const word = words[at]
    if (word === undefined) continue
    const agent = /^-javaagent:([^=]+)/.exec(word)?.[1]
    if (agent !== undefined) entries.push(agent)
    else if (word.startsWith('@')) entries.push(word.slice(1))
    else if (/^(?:-cp|-classpath|--class-path|-jar)$/.test(word)) {
      const next = words[at + 1]
      if (next === undefined) return { entries, open: true }
      if (word === '-jar') return { entries: [...entries, next], open: false }
      path = next
      at += 1
    } else if (word.startsWith('--class-path=')) path = word.slice('--class-path='.length)
    else if (valued.test(word)) at += 1
    // The main class: what follows are the app's own arguments.
    else if (!word.startsWith('-')) break
  }
  return { entries: [...entries, ...path.split(':').map((one) => one || '.')], open: false }
}

/** The files and folders that an entry leads to: `lib/*` is every jar of `lib`, a shell may spell `target/*.jar` out. */
function placesOf(
  tree: FileTree,
  base: string,
  entry: string,
): { readonly files: readonly string[]; readonly folders: readonly string[] } {
  const path = absolute(base, entry)
  const slash = path.lastIndexOf('/')
  const [dir, last] = [path.slice(0, slash) || '/', path.slice(slash + 1)]
  if (last === '*') return { files: [], folders: resolvePath(tree, dir).entry ? [dir] : [] }
  if (/[*?]/.test(last)) {
    const pattern = new RegExp(
      `^${last
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '.*')
        .replace(/\?/g, '.')}$`,
    )
    const found = tree.readdir(resolvePath(tree, dir).path).filter((name) => pattern.test(name))
    return { files: found.map((name) => `${dir}/${name}`), folders: [] }
  }
  const kind = resolvePath(tree, path).entry?.kind
  return { files: kind === 'file' ? [path] : [], folders: kind === 'dir' ? [path] : [] }
}

function withManifests(tree: FileTree, jars: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const pending = [...jars]
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (found.has(path)) continue
    found.add(path)
    const { entry } = resolvePath(tree, path)
    if (entry?.kind === 'file' && path.endsWith('.jar'))
      pending.push(...manifestClassPath(tree, entry))
  }
  return found
}

/** Gradle's `installDist` and Maven's appassembler: `NAME/bin/NAME` is a script that starts java with `NAME/lib`. */
function distributions(
  programs: readonly StartedProgram[],
  baseLayers: number,
  tree: FileTree,
): readonly string[] {
  return programs.flatMap(({ path }) => {
    const dir = /^(.+)\/bin\/[^/]+$/.exec(path ?? '')?.[1]
    if (dir === undefined || /^\/(?:usr|usr\/local)?$/.test(dir)) return []
    const own = (tree.lookup(path ?? '')?.layer ?? -1) >= baseLayers
    return own && tree.readdir(`${dir}/lib`).some((name) => name.endsWith('.jar')) ? [dir] : []
  })
}

function absolute(base: string, path: string): string {
  const parts: string[] = []
  for (const part of `${path.startsWith('/') ? '' : `${base}/`}${path}`.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

function pairOf(pair: string): readonly [string, string] {
  const at = pair.indexOf('=')
  return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
