import type { FileTree } from '../../../image/index.ts'
import type { Canonical } from '../../canonical.ts'
import type { FileMark } from '../../types.ts'
import { type RpmValue, rpmTags } from './header.ts'

/** `rpmfileAttrs` of rpmfiles.h. */
const flags = { documentation: 2, ghost: 64, licence: 128 } as const
/** `rpmfileState` of rpmfi.h: another package's file lies there now. */
const replaced = 1
const directory = 0o040000
const formatMask = 0o170000

export type RpmFile = { readonly path: string; readonly mark: FileMark | undefined }

/**
 * Files of a package by their real paths. A file is a base name and the number of its directory. Directories are left
 * out, for packages share them; so is what another package has replaced, and a ghost, which a package owns without
 * bringing it, unless something has made it.
 */
export function filesOf(
  header: ReadonlyMap<number, RpmValue>,
  tree: FileTree,
  canonical: Canonical,
): readonly RpmFile[] {
  const column = (tag: number): RpmValue => header.get(tag) ?? []
  const [dirs, indexes] = [column(rpmTags.dirNames), column(rpmTags.dirIndexes)]
  const [modes, states] = [column(rpmTags.fileModes), column(rpmTags.fileStates)]
  const attributes = column(rpmTags.fileFlags)
  return column(rpmTags.baseNames).flatMap((base, at): readonly RpmFile[] => {
    if ((Number(modes[at] ?? 0) & formatMask) === directory || states[at] === replaced) return []
    const path = canonical(`${dirs[Number(indexes[at] ?? -1)] ?? '/'}${base}`)
    const flag = Number(attributes[at] ?? 0)
    if ((flag & flags.ghost) !== 0 && !tree.lookup(path)) return []
    return [{ path, mark: markOf(flag) }]
  })
}

function markOf(flag: number): FileMark | undefined {
  if ((flag & flags.licence) !== 0) return 'licence'
  return (flag & flags.documentation) === 0 ? undefined : 'documentation'
}
