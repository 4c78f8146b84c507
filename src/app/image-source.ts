import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { LayerToAccount } from '../analysis/index.ts'
import { Fault, isFault } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import type { Digest, FileTree, ImageConfig } from '../image/index.ts'
import { bringImage } from './docker-engine.ts'
import { heard } from './heard.ts'
import { openRegistryImage, registryName } from './registry-image.ts'
import type { Session } from './session.ts'
import { archiveName, notFoundHint } from './source-name.ts'

/** An image to look into, wherever it is. */
export type ImageSource = {
  readonly name: string
  readonly id: Digest
  readonly config: ImageConfig
  readonly tree: FileTree
  /** Each layer as a tree of its own, lowest first, with the bytes of its regular files. */
  readonly layers: readonly SourceLayer[]
  readonly close: () => void
}

/** `packed`: bytes of its archive in a registry, when they are known. */
export type SourceLayer = LayerToAccount & { readonly packed?: number | undefined }

/** What a registry holds of these layers; null where one was never compressed. */
export function packedBytes(layers: readonly SourceLayer[]): number | null {
  return layers.reduce<number | null>(
    (sum, { packed }) => (sum === null || packed === undefined ? null : sum + packed),
    0,
  )
}

/**
 * Opens an image by name: of the store, of a Docker Engine (`docker-daemon:NAME`), of a registry (`docker://NAME`), whose
 * layers are streamed and not kept, or an archive or layout on disk (`docker-archive:FILE`, `oci-archive:FILE`, `oci:DIR`,
 * or a path, each with `:NAME` where it has several images), which is read where it lies.
 * @param cwd paths are relative to it
 * @throws Fault IMAGE_NOT_FOUND, ARCHIVE_INVALID, and what a registry answers
 */
export async function openImage(session: Session, name: string, cwd: string): Promise<ImageSource> {
  const remote = registryName(name)
  if (remote !== undefined)
    return openRegistryImage(session, remote, (image) => storedSource(session, remote, image))
  const archive = archiveName(name, cwd)
  if (archive === undefined) return storedSource(session, name, await bring(session, name, cwd))
  if (!existsSync(archive.path))
    throw new Fault('IMAGE_NOT_FOUND', `there is no archive at ${archive.path}`, {
      kind: 'invalid',
      hint: 'docker save, podman save and jettison save write archives; an image in one is FILE:NAME',
    })
  const { openArchiveImage } = await import('../store/index.ts')
  const temporary = join(session.settings.root, 'tmp')
  const opened = await openArchiveImage(archive.path, temporary, archive.image)
  return { ...opened, name: archive.image ?? opened.names[0] ?? name }
}

/** @throws Fault IMAGE_NOT_FOUND with what the name may have been meant to be */
async function bring(session: Session, name: string, cwd: string): Promise<StoredImage> {
  try {
    return await bringImage(session, name)
  } catch (error) {
    throw (isFault(error) && error.code === 'IMAGE_NOT_FOUND' && meant(error, name, cwd)) || error
  }
}

function meant(fault: Fault, name: string, cwd: string): Fault | undefined {
  const hint = notFoundHint(name, cwd)
  return hint === undefined
    ? undefined
    : new Fault(fault.code, fault.message, { hint, cause: fault })
}

/** Opens an image for as long as it is looked at. @throws as `openImage` */
export async function lookInto<T>(
  session: Session,
  name: string,
  cwd: string,
  look: (image: ImageSource) => T,
): Promise<T> {
  const image = await openImage(session, name, cwd)
  try {
    return await atOnce(session, () => look(image))
  } finally {
    image.close()
  }
}

/**
 * Work that takes seconds and in which nothing else gets its turn, not even a signal: what came before is heard first, and
 * a signal that comes meanwhile ends the process where it is. The work writes nothing that has to be tidied up.
 * @throws what the session's signal was aborted with
 */
export async function atOnce<T>(
  session: Pick<Session, 'signal' | 'untilKilled'>,
  work: () => T,
): Promise<T> {
  await heard(session)
  return session.untilKilled(work)
}

export function storedSource(session: Session, name: string, image: StoredImage): ImageSource {
  return {
    ...{ name, id: image.id, config: image.config },
    tree: session.store.tree(image.layers),
    layers: image.layers.map((layer) => ({
      tree: session.store.tree([layer]),
      bytes: session.store.layer(layer).size,
      packed: session.store.packedSize(layer),
    })),
    close: () => {},
  }
}

/** Whether a name is of a registry, an archive or a layout: what is looked into without being in the store. */
export function liesElsewhere(name: string, cwd: string): boolean {
  return registryName(name) !== undefined || archiveName(name, cwd) !== undefined
}
