import { executablesOf, type PackageDatabase } from '../../analysis/index.ts'
import { type FileTree, type ImageConfig, resolvePath } from '../../image/index.ts'
import type { LeanBase } from './lean-base.ts'

/** A program of a system package that the image's own commands start and that the lean base does not have. */
export type ProgramNeed = {
  readonly program: string
  readonly package: string
  /** `HEALTHCHECK`, `CMD`, or the script that calls it. */
  readonly calledBy: string
}

/** Programs that ENTRYPOINT, CMD and HEALTHCHECK need, through shells, wrappers and scripts. */
export function programNeeds({
  config,
  tree,
  db,
  lean,
}: {
  readonly config: ImageConfig
  readonly tree: FileTree
  readonly db: PackageDatabase
  readonly lean: LeanBase
}): readonly ProgramNeed[] {
  const needs = new Map<string, ProgramNeed>()
  for (const { path, name, origin, script } of executablesOf(config, tree)) {
    if (path === undefined || lean.has(path)) continue
    const owner = db.ownerOf(path) ?? db.ownerOf(resolvePath(tree, path).path)
    if (!owner || needs.has(owner.name)) continue
    const own = origin === 'healthcheck' ? 'HEALTHCHECK' : startWord(config)
    needs.set(owner.name, {
      program: name.slice(name.lastIndexOf('/') + 1),
      package: owner.name,
      calledBy: script === undefined ? own : resolvePath(tree, script).path,
    })
  }
  return [...needs.values()]
}

function startWord({ config }: ImageConfig): string {
  return (config.Entrypoint ?? []).length > 0 ? 'ENTRYPOINT' : 'CMD'
}
