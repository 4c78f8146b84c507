import type { Session, writeOutputs } from '../app/index.ts'

type Sent = Awaited<ReturnType<typeof writeOutputs>>

/**
 * What `--metadata-file` holds, under buildx's names. The digest of the manifest is in it once something has compressed the
 * layers: a push, an archive.
 */
export function buildMetadata(session: Session, sent: Sent, tags: readonly string[]): string {
  const { id } = sent
  const manifest = sent.manifest ?? session.store.findImage(id)?.manifest ?? null
  const document = {
    'containerimage.config.digest': id,
    ...(manifest === null ? {} : { 'containerimage.digest': manifest }),
    ...(tags.length > 0 ? { 'image.name': tags.join(',') } : {}),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
