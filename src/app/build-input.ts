import { createReadStream, statSync } from 'node:fs'
import { join, posix, resolve } from 'node:path'
import { type ByteStream, Fault, type Source } from '../base/index.ts'
import type { BuildContext } from '../build/index.ts'
import { findIgnoreFile, openContext } from '../context/index.ts'
import { readResolved } from '../image/index.ts'
import { findDockerfile, readDockerfile } from './dockerfile-file.ts'
import type { RemoteContext } from './remote-context.ts'
import { isRemote } from './remote-name.ts'
import type { Session } from './session.ts'

/** What a build is made from, opened: its Dockerfile and the files beside it. */
export type BuildInput = {
  readonly context: BuildContext
  readonly dockerfile: Source
  /** Absolute path of the Dockerfile, or its name in a context that is no folder. */
  readonly path: string
  readonly ignoreFile: Source | null
  /** Folder for those who look for more beside the Dockerfile; the working directory for a context without one. */
  readonly root: string
  /** What `SOURCE_DATE_EPOCH=context` means; null when the context does not say. */
  readonly epoch: number | null
  /** Keeps what was learnt about the files for the next build, and removes what was downloaded. */
  close(): void
}

export type InputOptions = {
  /** A folder, a repository, an address, an archive's file, or `-` for standard input. null is an empty context. */
  readonly context: string | null
  /** Path of the Dockerfile, relative to the working directory, or inside a context that is no folder. `-` is standard input. */
  readonly file?: string | undefined
  /** Text instead of a file. */
  readonly dockerfile?: Source | undefined
  /** Ignore rules instead of the file beside the Dockerfile; null for none. */
  readonly ignoreFile?: Source | null | undefined
  readonly cwd: string
  readonly stdin?: ByteStream | undefined
  /** BUILDKIT_CONTEXT_KEEP_GIT_DIR. */
  readonly keepGitDir?: boolean | undefined
}

/**
 * Opens the context argument of `build` as Docker reads it.
 * @throws Fault USAGE, CONTEXT_NOT_FOUND, CONTEXT_INVALID, DOCKERFILE_NOT_FOUND, and what fetching throws
 */
export async function openInput(session: Session, options: InputOptions): Promise<BuildInput> {
  const { context, file, cwd, stdin } = options
  if (context === '-' && file === '-')
    throw new Fault('USAGE', "can't use standard input for both build context and Dockerfile", {
      kind: 'invalid',
      hint: 'an archive on standard input holds its Dockerfile; name it with -f',
    })
  const dockerfile =
    file === '-' && stdin
      ? { name: 'Dockerfile (stdin)', text: await readText(stdin) }
      : options.dockerfile
  const named = { ...options, dockerfile, file: file === '-' ? undefined : file }
  if (context === null) return emptyInput(session, named)
  if (context === '-' && stdin) return streamedInput(session, named, stdin)
  const place = resolve(cwd, context)
  if (statSync(place, { throwIfNoEntry: false })?.isDirectory())
    return folderInput(session, named, place)
  if (isRemote(context)) {
    const { keepGitDir = false } = options
    const { openRemoteContext } = await import('./remote-context.ts')
    return remoteInput(await openRemoteContext(session, context, { keepGitDir }), named)
  }
  const isFile = statSync(place, { throwIfNoEntry: false })?.isFile()
  const opened = isFile && (await openStreamed(session, createReadStream(place), context))
  if (opened && opened.dockerfile === null) return remoteInput(opened, named)
  if (opened) opened.close()
  return folderInput(session, named, place)
}

/** A build of a folder loads nothing that reads archives. */
async function openStreamed(
  session: Session,
  bytes: ByteStream,
  name: string,
): Promise<RemoteContext> {
  const { openStreamedContext } = await import('./remote-context.ts')
  return openStreamedContext(session, bytes, name)
}

/** `build -`: an archive, or a Dockerfile that has no files beside it. */
async function streamedInput(
  session: Session,
  options: InputOptions,
  stdin: ByteStream,
): Promise<BuildInput> {
  const opened = await openStreamed(session, stdin, 'stdin')
  if (opened.dockerfile === null) return remoteInput(opened, options)
  opened.close()
  if (options.file !== undefined)
    throw new Fault(
      'USAGE',
      'ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles',
      { kind: 'invalid', hint: 'what came on standard input is no archive: leave out -f' },
    )
  const dockerfile = { ...opened.dockerfile, name: 'Dockerfile (stdin)' }
  return emptyInput(session, { ...options, dockerfile })
}

function folderInput(session: Session, options: InputOptions, root: string): BuildInput {
  const { file, cwd } = options
  const found = options.dockerfile
    ? { path: join(root, 'Dockerfile'), source: options.dockerfile }
    : findDockerfile(root, file, cwd)
  const ignoreFile =
    options.ignoreFile === undefined
      ? findIgnoreFile({ contextDir: root, dockerfile: found.path })
      : options.ignoreFile
  const context = openContext({
    dir: root,
    ignoreFile,
    indexDir: join(session.settings.root, 'contexts'),
  })
  return {
    ...{ context, dockerfile: found.source, path: found.path, ignoreFile, root, epoch: null },
    close: () => context.saveIndex(),
  }
}

function emptyInput(session: Session, options: InputOptions): BuildInput {
  const empty = session.store.workspace('context')
  try {
    const input = folderInput(session, { ...options, ignoreFile: null }, empty.dir)
    return { ...input, root: options.cwd, close: () => empty.remove() }
  } catch (error) {
    empty.remove()
    throw error
  }
}

function remoteInput(remote: RemoteContext, options: InputOptions): BuildInput {
  try {
    const { context, epoch } = remote
    const dockerfile = options.dockerfile ?? remote.dockerfile ?? dockerfileIn(context, options)
    const { close } = remote
    const path = dockerfile.name
    return { context, dockerfile, path, ignoreFile: null, root: options.cwd, epoch, close }
  } catch (error) {
    remote.close()
    throw error
  }
}

/** `-f` names a file of the context; one that is not there may be the user's own. */
function dockerfileIn(context: BuildContext, { file, cwd }: InputOptions): Source {
  const names = file === undefined ? ['Dockerfile', 'dockerfile'] : [posix.normalize(file)]
  for (const name of names) {
    const bytes = readResolved(context.tree, `/${name}`)
    if (bytes) return { name, text: new TextDecoder().decode(bytes) }
  }
  const own = file === undefined ? undefined : resolve(cwd, file)
  if (file !== undefined && own && statSync(own, { throwIfNoEntry: false })?.isFile())
    return readDockerfile(own, file)
  throw new Fault(
    'DOCKERFILE_NOT_FOUND',
    `failed to read dockerfile: open ${names[0] ?? ''}: no such file or directory`,
    {
      kind: 'invalid',
      hint: `it is looked for in the context, ${context.name}; name it with -f FILE`,
    },
  )
}

const most = 10 * 1024 * 1024

async function readText(stdin: ByteStream): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of stdin) {
    parts.push(part)
    size += part.length
    if (size > most) throw notText('is larger than 10 MB')
  }
  const bytes = Buffer.concat(parts)
  // A gzip stream, or the NULs of a tar header.
  if (bytes.includes(0) || (bytes[0] === 0x1f && bytes[1] === 0x8b)) throw notText('is an archive')
  return bytes.toString('utf8')
}

function notText(why: string): Fault {
  return new Fault(
    'STDIN_NOT_A_DOCKERFILE',
    `what came on standard input ${why}, not a Dockerfile`,
    { kind: 'invalid', hint: '`build -` takes an archive, `build -f - PATH` a Dockerfile' },
  )
}
