import { basename, posix, resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ByteStream, Fault, Scope } from '../base/index.ts'
import type { Member } from '../engines/index.ts'
import { encodeTarHeader, readTar, tarEnd, tarPadding } from '../image/index.ts'
import type { Session } from './session.ts'

/** One end of a copy. */
type End =
  | { readonly kind: 'container'; readonly name: string; readonly path: string }
  | { readonly kind: 'host'; readonly path: string }
  /** A tar on standard input or output. */
  | { readonly kind: 'stream' }

export type CopyOptions = {
  readonly from: string
  readonly to: string
  readonly cwd: string
  /** `-L`: what a link stands for, and not the link. */
  readonly followLink: boolean
  /** `-a`: owners stay as they are. */
  readonly archive: boolean
  readonly stdin: Readable
  readonly stdout: Writable
}

/**
 * `docker cp`, by its rules: a directory goes into a directory that exists, or becomes one; `DIR/.` is what is in it;
 * `-` is a tar. What arrives on this machine belongs to whoever copies, what arrives in a container to its root.
 * @throws Fault USAGE, CONTAINER_NOT_FOUND, COPY_FAILED
 */
export async function copyFiles(session: Session, options: CopyOptions): Promise<void> {
  const [from, to] = [options.from, options.to].map((text) => endOf(text, options.cwd)) as [
    End,
    End,
  ]
  if ((from.kind === 'container') === (to.kind === 'container'))
    throw usage(
      from.kind === 'container'
        ? 'copying between containers is not supported'
        : 'must specify at least one container source',
    )
  const scope = new Scope()
  try {
    const source = await open(session, from, scope)
    const target = await open(session, to, scope)
    if (from.kind !== 'stream' && to.kind === 'stream')
      await pipeline(tarOf(await read(source, from.path, options)), options.stdout, {
        signal: session.signal,
        end: false,
      })
    else if (from.kind === 'stream' && to.kind !== 'stream') await unpack(target, to.path, options)
    else if (from.kind !== 'stream' && to.kind !== 'stream')
      await copy({ root: source, path: from.path }, { root: target, path: to.path }, to, options)
  } finally {
    await scope[Symbol.asyncDispose]()
  }
}

/** `CONTAINER:PATH`; a host path with a colon begins with `/` or `.`. */
function endOf(text: string, cwd: string): End {
  if (text === '-') return { kind: 'stream' }
  const at = text.indexOf(':')
  if (at > 0 && !/^[/.]/.test(text)) {
    const path = text.slice(at + 1)
    return {
      kind: 'container',
      name: text.slice(0, at),
      path: path.startsWith('/') ? path : `/${path}`,
    }
  }
  // `DIR/.` and `DIR/` mean something.
  const end = /\/\.$/.test(text) || text === '.' ? '/.' : /\/$/.test(text) ? '/' : ''
  return { kind: 'host', path: `${resolve(cwd, text)}${end}` }
}

async function open(session: Session, end: End, scope: Scope): Promise<number> {
  if (end.kind === 'stream') return -1
  const { openRoot } = await import('../engines/index.ts')
  if (end.kind === 'host') return scope.add(openRoot('/'), (root) => root.close()).fd
  const { containers } = await session.engine()
  const held = scope.add(await containers.files(end.name), (files) => files.close())
  return scope.add(openRoot(held.path), (root) => root.close()).fd
}

/** Members named as `docker cp CONTAINER:PATH -` names them: below the last word of the path. */
async function read(
  root: number,
  path: string,
  { followLink }: CopyOptions,
): Promise<Iterable<Member>> {
  const { readMembers } = await import('../engines/index.ts')
  const top = basename(path.replace(/\/\.$/, '')) || '.'
  const followLast = followLink || /\/\.?$/.test(path)
  return (function* () {
    for (const member of readMembers(root, path, { followLast })) {
      const name = member.name === '' ? top : `${top}/${member.name}`
      const link = member.kind === 'hardlink' ? `${top}/${member.link ?? ''}` : member.link
      yield { ...member, name, ...(link === undefined ? {} : { link }) }
    }
  })()
}

async function copy(
  from: { readonly root: number; readonly path: string },
  to: { readonly root: number; readonly path: string },
  end: End,
  { followLink, archive }: CopyOptions,
): Promise<void> {
  const { copyFailed, locate, readMembers, writeMembers } = await import('../engines/index.ts')
  const look = (place: typeof from, followLast: boolean): 'dir' | 'file' | undefined => {
    const found = locate(place.root, place.path, { followLast })
    found.close()
    return found.stats && (found.stats.isDirectory() ? 'dir' : 'file')
  }
  const content = from.path.endsWith('/.')
  const followLast = followLink || content || from.path.endsWith('/')
  const source = look(from, followLast)
  if (source === undefined) throw copyFailed(`there is no ${from.path}`)
  const target = look(to, true)
  if (target === undefined && source === 'file' && to.path.endsWith('/'))
    throw copyFailed(`the directory ${to.path} does not exist`)
  if (target === 'file' && source === 'dir') throw copyFailed('cannot copy a directory over a file')
  const into = target === 'dir' && !(source === 'dir' && content)
  const path = into ? posix.join(to.path, basename(from.path.replace(/\/\.?$/, ''))) : to.path
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const owner = archive ? null : end.kind === 'host' ? own : { uid: 0, gid: 0 }
  await writeMembers(to.root, path, readMembers(from.root, from.path, { followLast }), { owner })
}

/** A tar goes into a directory that exists; its owners are taken as they are. */
async function unpack(root: number, path: string, { stdin }: CopyOptions): Promise<void> {
  const { copyFailed, locate, writeMembers } = await import('../engines/index.ts')
  const found = locate(root, path, { followLast: true })
  found.close()
  if (!found.stats?.isDirectory()) throw copyFailed(`${path} is no directory`)
  const members = async function* (): AsyncGenerator<Member> {
    for await (const { header, body } of readTar(stdin)) yield { ...header, body }
  }
  await writeMembers(root, path, members(), { owner: null })
}

async function* tarOf(members: Iterable<Member>): ByteStream {
  for (const member of members) {
    yield encodeTarHeader(member)
    yield* member.body
    yield new Uint8Array(tarPadding(member.size))
  }
  yield tarEnd
}

function usage(message: string): Fault {
  return new Fault('USAGE', message, {
    kind: 'invalid',
    hint: 'jettison cp CONTAINER:PATH PATH, jettison cp PATH CONTAINER:PATH, or - for a tar',
  })
}
