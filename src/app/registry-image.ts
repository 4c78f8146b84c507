import { join } from 'node:path'
import type { StoredImage } from '../build/index.ts'
import { familiarName, parseReference, withDefaultTag } from '../image/index.ts'
import type { PullOptions } from '../registry/index.ts'
import type { ImageSource } from './image-source.ts'
import { hostPlatform } from './platform.ts'
import type { Session } from './session.ts'

const prefix = 'docker://'

/** The reference in `docker://REFERENCE`, which is how skopeo names an image of a registry; undefined for other names. */
export function registryName(name: string): string | undefined {
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined
}

/**
 * An image of a registry to look into: its layers come as streams and go again, and the store gets nothing of it. An
 * image that the store has already, by its ID, is not fetched.
 * @param stored makes a source of an image of the store
 * @throws Fault REGISTRY_UNREACHABLE, UNAUTHORIZED, MANIFEST_UNKNOWN, PLATFORM_MISSING, DIGEST_MISMATCH, TAR_*
 */
export async function openRegistryImage(
  session: Session,
  reference: string,
  stored: (image: StoredImage) => ImageSource,
): Promise<ImageSource> {
  const name = familiarName(withDefaultTag(parseReference(reference)))
  const { findRemoteImage } = await import('../registry/index.ts')
  const found = await findRemoteImage(name, await pullOptions(session))
  const here = session.store.findImage(found.id)
  if (here) {
    found.close()
    return stored(here)
  }
  const { openStreamedImage } = await import('../store/index.ts')
  const { emit, signal } = session
  const read: Parameters<typeof openStreamedImage>[0]['read'] = (use) =>
    found.read(use, { emit, signal })
  const { id, config } = found
  const temporary = join(session.settings.root, 'tmp')
  const opened = await openStreamedImage({ config, read }, temporary)
  return {
    ...{ name, id, config, ...opened },
    layers: opened.layers.map((layer, at) => ({
      ...layer,
      packed: found.layers[at]?.archive.size,
    })),
  }
}

/** The same for whoever needs it in the store: it is pulled, and has no name there. @throws as `openRegistryImage` */
export async function bringFromRegistry(session: Session, reference: string): Promise<StoredImage> {
  const { pullImage } = await import('../registry/index.ts')
  return pullImage(reference, { ...(await pullOptions(session)), named: false })
}

async function pullOptions(session: Session): Promise<PullOptions> {
  const { registrySettings } = await import('./registry-settings.ts')
  const { store, emit, signal } = session
  return { store, platform: hostPlatform(), emit, signal, settings: registrySettings(session) }
}
