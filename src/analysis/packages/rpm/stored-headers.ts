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
  for (const { file, read } of formats)
    for (const folder of folders) {
      const path = realFile(tree, `${folder}/${file}`)
      if (path === undefined || (tree.lookup(path)?.size ?? 0) > mostBytes) continue
      const headers = read(tree, path)
      if (headers) return headers
    }
  return undefined
}

function inSqlite(tree: FileTree, path: string): readonly Uint8Array[] | undefined {
  return tableAt(tree, path, 'Packages')?.flatMap(([, blob]) =>
    blob instanceof Uint8Array ? [blob] : [],
  )
}
