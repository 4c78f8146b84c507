import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Fault } from '../base/index.ts'
import { type NamedContext, type OpenedContext, parseGitReference } from '../build/index.ts'
import { findIgnoreFile, type OpenContext, openContext } from '../context/index.ts'
import { hostPlatform } from './platform.ts'
import type { Session } from './session.ts'

export type NamedContexts = {
  readonly contexts: ReadonlyMap<string, NamedContext>
  /** Keeps what was learnt about their files for the next build, and removes what was downloaded. */
  close(): void
}

type Place = {
  readonly session: Session
  readonly cwd: string
  readonly indexDir: string
  readonly opened: OpenContext[]
  readonly closers: (() => void)[]
}

/**
 * `--build-context NAME=VALUE`: a folder with its own ignore file, `docker-image://NAME`, `oci-layout://PATH[:TAG]`, a
 * repository or an address. Names are as FROM writes them, `:latest` and `docker.io/library/` understood.
 * @throws Fault USAGE, CONTEXT_NOT_FOUND, DOCKERIGNORE_INVALID
 */
export function openNamedContexts(
  session: Session,
  values: readonly string[],
  where: { readonly cwd: string; readonly indexDir: string },
): NamedContexts {
  const place: Place = { session, ...where, opened: [], closers: [] }
  const contexts = new Map<string, NamedContext>()
  for (const text of values) {
    const at = text.indexOf('=')
    const value = text.slice(at + 1)
    if (at < 1 || value === '')
      throw new Fault('USAGE', `invalid --build-context ${text}, expected NAME=VALUE`, {
        kind: 'invalid',
        hint: 'for example --build-context vendor=../vendor',
      })
    contexts.set(plainName(text.slice(0, at)), read(value, place))
  }
  return {
    contexts,
    close: () => {
      for (const context of place.opened) context.saveIndex()
      for (const close of place.closers) close()
    },
  }
}

function read(value: string, place: Place): NamedContext {
  const image = /^docker-image:\/\/(.+)$/.exec(value)?.[1]
  if (image !== undefined) return { kind: 'image', reference: image }
  if (value.startsWith('docker-daemon:')) return { kind: 'image', reference: value }
  const layout = /^oci-layout:\/\/(.+)$/.exec(value)?.[1]
  if (layout !== undefined) return once(() => openLayout(layout, place))
  const dir = resolve(place.cwd, value)
  const isFolder = statSync(dir, { throwIfNoEntry: false })?.isDirectory() === true
  if (!isFolder && (parseGitReference(value) !== null || /^https?:\/\//.test(value)))
    return once(() => openRemote(value, place))
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
    throw new Fault('USAGE', `--build-context: ${value} is not supported`, {
      kind: 'invalid',
      hint: 'name a folder, a repository, an address, docker-image://NAME or oci-layout://PATH',
    })
  const ignoreFile = findIgnoreFile({ contextDir: dir, dockerfile: join(dir, 'Dockerfile') })
  const source = openContext({ dir, ignoreFile, indexDir: place.indexDir })
  place.opened.push(source)
  return { kind: 'files', source }
}

function once(open: () => Promise<OpenedContext>): NamedContext {
  let opening: Promise<OpenedContext> | undefined
  return {
    kind: 'remote',
    open: () => {
      opening ??= open()
      return opening
    },
  }
}

async function openLayout(text: string, { session, cwd }: Place): Promise<OpenedContext> {
  const { importLayout, parseLayoutReference } = await import('../registry/index.ts')
  const { store, signal } = session
  const platform = hostPlatform()
  const image = await importLayout(parseLayoutReference(text, cwd), { store, platform, signal })
  return { kind: 'stored', image }
}

/** A single file behind an address stays one, named `context`, whatever it holds (BuildKit). */
async function openRemote(value: string, { session, closers }: Place): Promise<OpenedContext> {
  const { openRemoteContext } = await import('./remote-context.ts')
  const opened = await openRemoteContext(session, value, { keepGitDir: false, unpack: false })
  closers.push(() => opened.close())
  return { kind: 'files', source: opened.context }
}

function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^docker\.io\/(?:library\/)?/, '')
    .replace(/:latest$/, '')
}
