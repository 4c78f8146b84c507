import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { LayerToAccount } from '../analysis/index.ts'
import { Fault } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import type { Digest, FileTree, ImageConfig } from '../image/index.ts'
import { bringImage } from './docker-engine.ts'
import { openRegistryImage, registryName } from './registry-image.ts'
import type { Session } from './session.ts'

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

const transports = ['docker-archive:', 'oci-archive:', 'oci:']

/**
 * Opens an image by name: of the store, of a Docker Engine (`docker-daemon:NAME`), of a registry (`docker://NAME`), whose
 * layers are streamed and not kept, or an archive or layout on disk (`docker-archive:FILE`, `oci-archive:FILE`, `oci:DIR`,
 * or a path), which is read where it lies.
 * @param cwd paths are relative to it
 * @throws Fault IMAGE_NOT_FOUND, ARCHIVE_INVALID, and what a registry answers
 */
export async function openImage(session: Session, name: string, cwd: string): Promise<ImageSource> {
  const remote = registryName(name)
  if (remote !== undefined)
    return openRegistryImage(session, remote, (image) => storedSource(session, remote, image))
  const path = archivePath(name, cwd)
  if (path === undefined) return storedSource(session, name, await bringImage(session, name))
  if (!existsSync(path))
    throw new Fault('IMAGE_NOT_FOUND', `there is no archive at ${path}`, { kind: 'invalid' })
  const { openArchiveImage } = await import('../store/index.ts')
  const opened = await openArchiveImage(path, join(session.settings.root, 'tmp'))
  return { ...opened, name: opened.names[0] ?? name }
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
    return look(image)
  } finally {
    image.close()
  }
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
  return registryName(name) !== undefined || archivePath(name, cwd) !== undefined
}

/** A reference never begins with a dot or a slash, and a file that exists and ends as archives do is one. */
function archivePath(name: string, cwd: string): string | undefined {
  const transport = transports.find((prefix) => name.startsWith(prefix))
  if (transport !== undefined) return resolve(cwd, name.slice(transport.length))
  if (/^\.{0,2}\//.test(name)) return resolve(cwd, name)
  const path = resolve(cwd, name)
  return /\.(?:tar|tgz|tar\.(?:gz|zst))$/.test(name) && existsSync(path) ? path : undefined
}
