import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ByteStream, Fault, type Source } from '../base/index.ts'
import { type BuildContext, type CopySource, parseGitReference } from '../build/index.ts'
import { type Adds, detectArchive, type OneFile, oneFile } from '../context/index.ts'
import { openSessionAdds } from './open-adds.ts'
import type { Session } from './session.ts'

const maxDockerfileBytes = 10 * 1024 * 1024

/** A context that is not a folder of this disk: its ignore file says nothing (BuildKit's dockerui). */
export type RemoteContext = {
  readonly context: BuildContext
  /** Set when what came is no archive but a Dockerfile, beside which there are no files. */
  readonly dockerfile: Source | null
  /** What `SOURCE_DATE_EPOCH=context` means, seconds: commit, Last-Modified or the newest file of an archive. */
  readonly epoch: number | null
  close(): void
}

/**
 * `repo.git#ref:subdir`, `https://…/context.tar.gz`, or the address of a lone Dockerfile. Whether it is an archive is
 * told by its first bytes.
 * @throws Fault GIT_*, ADD_URL_FAILED, HTTP_*, ADD_ARCHIVE_*, DOCKERFILE_TOO_LARGE
 */
export async function openRemoteContext(
  session: Session,
  text: string,
  options: {
    readonly keepGitDir: boolean
    /** False leaves what an address gives as the one file that it is. Default true. */
    readonly unpack?: boolean
  },
): Promise<RemoteContext> {
  const io = { step: `[context] ${text}`, emit: session.emit, signal: session.signal }
  return withAdds(session, async (adds) => {
    const git = parseGitReference(text)
    if (typeof git === 'string') throw new Fault('GIT_REFERENCE', git, { kind: 'invalid' })
    if (git) {
      const { checksum } = git
      const keepGitDir = git.keepGitDir ?? options.keepGitDir
      const source = await adds.git(git, { keepGitDir, checksum }, io)
      return { context: { ...source, name: text }, dockerfile: null, epoch: source.committed }
    }
    const downloaded = await adds.url(text, { checksum: null }, io)
    const file = renamed(downloaded)
    if (options.unpack === false)
      return { context: { ...file.source, name: text }, dockerfile: null, epoch: null }
    return readContext(file, text, adds, io)
  })
}

/** An archive, or a Dockerfile, that lies in a file or comes on standard input. @throws Fault ADD_ARCHIVE_* */
export async function openStreamedContext(
  session: Session,
  bytes: ByteStream,
  name: string,
): Promise<RemoteContext> {
  const io = { step: `[context] ${name}`, emit: session.emit, signal: session.signal }
  const workspace = session.store.workspace('context')
  const close = (): void => workspace.remove()
  try {
    const path = join(workspace.dir, 'context')
    await pipeline(Readable.from(bytes), createWriteStream(path, { mode: 0o600 }), {
      signal: session.signal,
    })
    const remote = await withAdds(session, (adds) =>
      readContext(oneFile(path, { name: 'context', mtime: 0 }), name, adds, io),
    )
    return {
      ...remote,
      close: () => {
        remote.close()
        close()
      },
    }
  } catch (error) {
    close()
    throw error
  }
}

type Opened = Omit<RemoteContext, 'close'>

async function withAdds(
  session: Session,
  open: (adds: Adds) => Promise<Opened>,
): Promise<RemoteContext> {
  const adds = await openSessionAdds(session)
  try {
    return { ...(await open(adds)), close: adds.close }
  } catch (error) {
    adds.close()
    throw error
  }
}

async function readContext(
  { source, path }: OneFile,
  name: string,
  adds: Adds,
  io: Parameters<Adds['archive']>[2],
): Promise<Opened> {
  const mtime = source.tree.lookup(path)?.mtime ?? 0
  const head = source.tree.read(path, { offset: 0, length: 1024 })
  if (detectArchive(head) === null) {
    const dockerfile = { name: `Dockerfile (${name})`, text: textOf(source, path, name) }
    return { context: { ...source, name }, dockerfile, epoch: mtime || null }
  }
  const archive = await adds.archive(source, path, io)
  if (!archive)
    throw new Fault('CONTEXT_INVALID', `${name} is neither a Dockerfile nor an archive of one`, {
      kind: 'invalid',
      hint: 'a compressed file has to hold a tar archive',
    })
  return { context: { ...archive, name }, dockerfile: null, epoch: mtime || newest(archive) }
}

/** Whatever the address calls it, BuildKit names the file `context`. */
function renamed({ source, path }: OneFile): OneFile {
  const host = source.hostPath(path)
  const mtime = source.tree.lookup(path)?.mtime ?? 0
  return host === null ? { source, path } : oneFile(host, { name: 'context', mtime })
}

function newest({ tree }: CopySource): number | null {
  let last: number | null = null
  for (const { kind, mtime } of tree.walk())
    if (kind === 'file' && (last === null || mtime > last)) last = mtime
  return last
}

function textOf(source: CopySource, path: string, name: string): string {
  const bytes = source.tree.read(path)
  if (bytes.length > maxDockerfileBytes)
    throw new Fault('DOCKERFILE_TOO_LARGE', `${name} is larger than 10 MB`, { kind: 'invalid' })
  if (bytes.includes(0))
    throw new Fault('CONTEXT_INVALID', `${name} is neither a Dockerfile nor an archive of one`, {
      kind: 'invalid',
      hint: 'archives are tar, plain or compressed by gzip, bzip2, xz or zstd',
    })
  return new TextDecoder().decode(bytes)
}
