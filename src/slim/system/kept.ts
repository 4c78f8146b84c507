import type { PackageDatabase } from '../../analysis/index.ts'
import type { FileTree, TreeEntry } from '../../image/index.ts'
import type { Leftover } from '../types.ts'
import { entriesOf } from './entries.ts'

/** Places that the runtime never gets: caches, scratch space, and the homes of tool chains. */
const leftBehind =
  /^\/(?:tmp|var\/tmp|var\/cache|var\/log|var\/lib\/(?:apt|dpkg)|run|proc|sys|dev|usr\/src\/(?:linux|kernels|python|gcc|debug)[^/]*|usr\/include|usr\/local\/(?:include|src|rustup|go)|root\/\.(?:cache|rustup|npm|local\/share\/uv(?!\/python))|wheels)(?:\/|$)/

/** Cargo's home without the programs that `cargo install` put there. */
const cargoHome =
  /^(?:\/usr\/local\/|\/root\/\.)cargo(?:$|\/(?!bin(?:\/|$))|\/bin\/(?:cargo|rust|clippy|rls)[\w-]*$)/

/**
 * Files of the fat image that the lean one has to have as well and that no system package brings: what the project's
 * own layers put there, without caches, tool chains and byte code.
 */
export function keptFiles(
  tree: FileTree,
  db: PackageDatabase,
  baseLayers: number,
  leftovers: readonly Leftover[] = [],
): readonly TreeEntry[] {
  const kept: TreeEntry[] = []
  for (const entry of entriesOf(tree))
    if (
      entry.kind === 'file' &&
      entry.layer >= baseLayers &&
      !isLeftBehind(entry.path, leftovers) &&
      !db.ownerOf(entry.path)
    )
      kept.push(entry)
  return kept
}

/** True for caches, scratch space, the homes of tool chains, and what the ecosystems' own rules name. */
export function isLeftBehind(path: string, leftovers: readonly Leftover[] = []): boolean {
  return (
    leftBehind.test(path) ||
    cargoHome.test(path) ||
    path.endsWith('.pyc') ||
    leftovers.some((one) => one.path.test(path))
  )
}
