import {
  executablesOf,
  linkClosure,
  readElfAt,
  type StartedProgram,
} from '../../../analysis/index.ts'
import { byCodeUnit, type FileTree, resolvePath } from '../../../image/index.ts'
import type { ProjectInput } from '../../types.ts'

/** What the image starts, and what that is made of. */
export type Artifacts = {
  readonly started: readonly StartedProgram[]
  /** Real paths of started programs that the project itself built or brought: ELF files above the base. */
  readonly programs: readonly string[]
  /** Other programs of the project where a person or a compose file finds them. */
  readonly installed: readonly string[]
  /**
   * Real paths that are needed wherever they lie: started programs and files, and libraries of the project's own that
   * programs load.
   */
  readonly needed: ReadonlySet<string>
  /** Libraries that programs load from the fat base's own tool chain, as they are found: no package brings them. */
  readonly ofToolChain: readonly string[]
}

/** Reads what the fat image starts. */
export function artifactsOf({ facts, fatTree: tree, fatDb: db }: ProjectInput): Artifacts {
  const started = executablesOf(facts.config, tree)
  const own = (path: string): boolean =>
    (tree.lookup(path)?.layer ?? -1) >= facts.baseLayers && !db.ownerOf(path)
  const files = started.flatMap(({ path, script, files }) => [
    ...(path === undefined ? [] : [path]),
    ...(script === undefined ? [] : [script]),
    ...files,
  ])
  const real = [...new Set(files.map((path) => resolvePath(tree, path).path))].filter(own)
  const programs = real.filter((path) => readElfAt(tree, path))
  const installed = installedPrograms(tree, own)
  const { links } = linkClosure(tree, [...programs, ...installed], {
    env: facts.config.config.Env ?? [],
  })
  const libraries = links.flatMap(({ found }) => (found !== undefined && own(found) ? [found] : []))
  const ofToolChain = links.flatMap(({ found }) => {
    const entry = found === undefined ? undefined : tree.lookup(found)
    return found !== undefined && entry && entry.layer < facts.baseLayers && !db.ownerOf(found)
      ? [found]
      : []
  })
  return {
    started,
    programs,
    installed,
    ofToolChain: [...new Set(ofToolChain)].sort(byCodeUnit),
    needed: new Set([...real, ...libraries]),
  }
}

/** Programs that the project put on the usual PATH: a compose file or a person may start them. */
function installedPrograms(tree: FileTree, own: (path: string) => boolean): readonly string[] {
  return ['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/go/bin', '/usr/local/cargo/bin']
    .flatMap((dir) => tree.readdir(dir).map((name) => `${dir}/${name}`))
    .filter((path) => own(path) && readElfAt(tree, path))
}
