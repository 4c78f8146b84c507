import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { AddSource, CopySource } from '../../build/index.ts'
import { type HttpSettings, openHttp } from '../../http/index.ts'
import { treeSource } from '../tree-source.ts'
import { type ArchiveSource, readArchive } from './archive.ts'
import { checkOut } from './git.ts'
import { memoryTree } from './memory-tree.ts'
import { type Download, fetchUrl } from './url.ts'

/** ADD's archives and downloads of one build; `close` removes what they left in `workDir`. */
export type Adds = AddSource & { close(): void }

/** Nothing is made before it is needed. One archive or address is read once, however often it is added. */
export function openAdds(options: {
  readonly workDir: string
  readonly http?: HttpSettings
}): Adds {
  const archives = new Map<CopySource, Map<string, Promise<ArchiveSource | null>>>()
  const downloads = new Map<string, Promise<Download>>()
  const checkouts = new Map<string, Promise<CopySource>>()
  const open: ArchiveSource[] = []
  const http = openHttp(options.http)
  let dir: string | undefined
  let count = 0
  const newFile = (): string => {
    if (dir === undefined) {
      mkdirSync(options.workDir, { recursive: true })
      dir = mkdtempSync(join(options.workDir, 'add-'))
    }
    count += 1
    return join(dir, String(count))
  }
  return {
    archive: async (source, path, { signal }) => {
      const known = archives.get(source) ?? new Map<string, Promise<ArchiveSource | null>>()
      archives.set(source, known)
      const reading = known.get(path) ?? readArchive(source, path, { spool: newFile(), signal })
      known.set(path, reading)
      const archive = await reading
      if (archive && !open.includes(archive)) open.push(archive)
      return archive
    },
    url: async (url, { checksum }, { emit, signal }) => {
      const key = `${checksum ?? ''} ${url}`
      const loading =
        downloads.get(key) ?? fetchUrl(url, { http, file: newFile(), checksum, emit, signal })
      downloads.set(key, loading)
      return sourceOf(await loading)
    },
    git: (reference, wanted, { signal }) => {
      const key = `git ${JSON.stringify([reference, wanted])}`
      const loading =
        checkouts.get(key) ?? checkOut(reference, { ...wanted, dir: newFile(), signal })
      checkouts.set(key, loading)
      return loading
    },
    close: () => {
      http.close()
      for (const archive of open) archive.close()
      if (dir !== undefined) rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** One file, as BuildKit's HTTP source gives it: owner 0:0, mode 0600. */
function sourceOf({ file, name, digest, size, mtime }: Download): {
  readonly source: CopySource
  readonly path: string
} {
  const tree = memoryTree()
  const read = ({
    offset,
    length,
  }: {
    readonly offset: number
    readonly length: number
  }): Uint8Array => {
    const fd = openSync(file, 'r')
    try {
      const bytes = Buffer.alloc(length)
      return bytes.subarray(0, readSync(fd, bytes, 0, length, offset))
    } finally {
      closeSync(fd)
    }
  }
  const path = tree.put(
    `/${name}`,
    { kind: 'file', mode: 0o600, uid: 0, gid: 0, size, mtime },
    { read },
  )
  return {
    path,
    source: {
      ...treeSource(tree, (asked) => (asked === path ? file : null)),
      contentDigest: () => digest,
    },
  }
}
