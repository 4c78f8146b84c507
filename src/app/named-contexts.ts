import { join, resolve } from 'node:path'
import { Fault } from '../base/index.ts'
import type { NamedContext } from '../build/index.ts'
import { findIgnoreFile, type OpenContext, openContext } from '../context/index.ts'

export type NamedContexts = {
  readonly contexts: ReadonlyMap<string, NamedContext>
  /** Keeps what was learnt about their files for the next build. */
  saveIndexes(): void
}

/**
 * `--build-context NAME=VALUE`: a folder with its own ignore file, or `docker-image://NAME`. Names are as FROM writes
 * them, `:latest` and `docker.io/library/` understood.
 * @throws Fault USAGE, CONTEXT_NOT_FOUND, DOCKERIGNORE_INVALID
 */
export function openNamedContexts(
  values: readonly string[],
  place: { readonly cwd: string; readonly indexDir: string },
): NamedContexts {
  const opened: OpenContext[] = []
  const contexts = new Map<string, NamedContext>()
  for (const text of values) {
    const at = text.indexOf('=')
    const value = text.slice(at + 1)
    if (at < 1 || value === '')
      throw new Fault('USAGE', `invalid --build-context ${text}, expected NAME=VALUE`, {
        kind: 'invalid',
        hint: 'for example --build-context vendor=../vendor',
      })
    contexts.set(plainName(text.slice(0, at)), read(value, { ...place, opened }))
  }
  const saveIndexes = (): void => {
    for (const context of opened) context.saveIndex()
  }
  return { contexts, saveIndexes }
}

function read(
  value: string,
  place: { readonly cwd: string; readonly indexDir: string; readonly opened: OpenContext[] },
): NamedContext {
  const image = /^docker-image:\/\/(.+)$/.exec(value)?.[1]
  if (image !== undefined) return { kind: 'image', reference: image }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
    throw new Fault('USAGE', `--build-context: ${value} is not supported`, {
      kind: 'invalid',
      hint: 'name a folder, or an image as docker-image://NAME',
    })
  const dir = resolve(place.cwd, value)
  const ignoreFile = findIgnoreFile({ contextDir: dir, dockerfile: join(dir, 'Dockerfile') })
  const source = openContext({ dir, ignoreFile, indexDir: place.indexDir })
  place.opened.push(source)
  return { kind: 'files', source }
}

function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^docker\.io\/(?:library\/)?/, '')
    .replace(/:latest$/, '')
}
