import type { FileTree } from '../../../image/index.ts'
import { realFile } from '../../canonical.ts'
import { headersInBerkeley } from './berkeley.ts'
import { headersInNdb } from './ndb.ts'
import { mostBytes, tableAt } from './table.ts'

/** The classic place, that of image-based systems, and that of newer Fedoras and of SUSE. */
const folders: readonly string[] = ['/var/lib/rpm', '/usr/share/rpm', '/usr/lib/sysimage/rpm']

type Format = {
  readonly file: string
  readonly read: (tree: FileTree, path: string) => readonly Uint8Array[] | undefined
}

/** Newest first: what an upgrade has left of an older one no longer counts. */
const formats: readonly Format[] = [
  { file: 'rpmdb.sqlite', read: inSqlite },
  { file: 'Packages.db', read: (tree, path) => headersInNdb(tree.read(path)) },
  { file: 'Packages', read: (tree, path) => headersInBerkeley(tree.read(path)) },
]

/** The bytes of every header that the system's RPM database holds, whichever of its three formats it is in. */
export function storedHeaders(tree: FileTree): readonly Uint8Array[] | undefined {
  for (const { path, read } of databases(tree)) {
    const headers = read(tree, path)
    if (headers) return headers
  }
  return undefined
}

/** The path of a database that is there and tells nothing: damaged, or in a format to come. */
export function unreadableRpm(tree: FileTree): string | undefined {
  const found = databases(tree)
  return storedHeaders(tree) === undefined ? found[0]?.path : undefined
}

function databases(tree: FileTree): readonly (Pick<Format, 'read'> & { readonly path: string })[] {
  return formats.flatMap(({ file, read }) =>
    folders.flatMap((folder) => {
      const path = realFile(tree, `${folder}/${file}`)
      if (path === undefined) return []
      return (tree.lookup(path)?.size ?? 0) > mostBytes
        ? [{ path, read: (): undefined => undefined }]
        : [{ path, read }]
    }),
  )
}

function inSqlite(tree: FileTree, path: string): readonly Uint8Array[] | undefined {
  return tableAt(tree, path, 'Packages')?.flatMap(([, blob]) =>
    blob instanceof Uint8Array ? [blob] : [],
  )
}
