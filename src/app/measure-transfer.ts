import { mkdtempSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { StoredImage } from '../build/index.ts'
import { pullImage, pushImage } from '../registry/index.ts'
import type { MeasuredTransfer } from '../report/index.ts'
import { openStore } from '../store/index.ts'
import { hostPlatform } from './platform.ts'
import { registrySettings } from './registry-settings.ts'
import type { Session } from './session.ts'

/**
 * Pushes both images into a repository, fat first, and pulls each into a store of its own that is gone afterwards. What
 * the registry has already is not sent again, as in CI.
 * @param repository without a tag; the tags are `jettison-fat` and `jettison-lean`
 */
export async function measureTransfer(
  session: Session,
  repository: string,
  images: { readonly fat: StoredImage; readonly lean: StoredImage },
): Promise<MeasuredTransfer> {
  const fat = await move(session, `${repository}:jettison-fat`, images.fat)
  const lean = await move(session, `${repository}:jettison-lean`, images.lean)
  return { repository, fat, lean }
}

async function move(
  session: Session,
  reference: string,
  image: StoredImage,
): Promise<MeasuredTransfer['fat']> {
  const { emit, signal, store } = session
  const settings = registrySettings(session)
  const pushSeconds = await timed(() =>
    pushImage(reference, image, { store, emit, signal, settings, compression: gzip }),
  )
  // Beside the store: on its disk, and not in what a sweep of it clears away.
  const folder = mkdtempSync(`${resolve(session.settings.root)}.measure-`)
  try {
    const platform = hostPlatform()
    const empty = openStore(join(folder, 'store'))
    const pullSeconds = await timed(() =>
      pullImage(reference, { store: empty, platform, emit, signal, settings }),
    )
    return { pushSeconds, pullSeconds }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const gzip = { algorithm: 'gzip', level: 6 } as const

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return Math.round(performance.now() - began) / 1000
}
