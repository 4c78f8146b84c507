import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { AddSource, CopySource } from '../../build/index.ts'
import { type HttpSettings, openHttp } from '../../http/index.ts'
import { type ArchiveSource, readArchive } from './archive.ts'
import { type Checkout, checkOut } from './git.ts'
import { oneFile } from './one-file.ts'
import { type Download, fetchUrl } from './url.ts'

/** ADD's archives and downloads of one build; `close` removes what they left in `workDir`. */
export type Adds = Omit<AddSource, 'git'> & {
  /** The same with the time of the commit. */
  git(...asked: Parameters<AddSource['git']>): Promise<Checkout>
  close(): void
}

/** Nothing is made before it is needed. One archive or address is read once, however often it is added. */
export function openAdds(options: {
  readonly workDir: string
  readonly http?: HttpSettings
}): Adds {
  const archives = new Map<CopySource, Map<string, Promise<ArchiveSource | null>>>()
  const downloads = new Map<string, Promise<Download>>()
  const checkouts = new Map<string, Promise<Checkout>>()
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
      const { file, name, digest, mtime } = await loading
      const { source, path } = oneFile(file, { name, mtime })
      return { path, source: { ...source, contentDigest: () => digest } }
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
