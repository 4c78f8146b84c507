import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tarOf, tempFolder } from '../../test/support/temp-store.ts'
import { sha256 } from '../image/index.ts'
import { openArchiveImage } from './archive-image.ts'

/** An archive of `docker save` with one layer, whose configuration is as given. */
function archiveOf(folder: string, config: (diffId: string) => unknown): string {
  const layer = tarOf([{ name: 'file', body: 'text' }])
  const manifest = [{ Config: 'config.json', RepoTags: ['app:1'], Layers: ['layer.tar'] }]
  const path = join(folder, 'app.tar')
  writeFileSync(
    path,
    tarOf([
      { name: 'manifest.json', body: JSON.stringify(manifest) },
      { name: 'config.json', body: JSON.stringify(config(sha256(layer))) },
      { name: 'layer.tar', body: layer },
    ]),
  )
  return path
}

test.each([null, { Entrypoint: null, Cmd: ['/file'] }])(
  'what Docker writes as null is left out: %j',
  async (config) => {
    const folder = tempFolder()
    const path = archiveOf(folder, (diffId) => ({
      ...{ architecture: 'amd64', os: 'linux', config },
      rootfs: { type: 'layers', diff_ids: [diffId] },
    }))
    const image = await openArchiveImage(path, join(folder, 'tmp'))
    expect(image.config.config).toEqual(config ? { Cmd: ['/file'] } : {})
    expect(image.config.history).toEqual([])
    expect(image.tree.lookup('/file')?.size).toBe(4)
    image.close()
  },
)

test.each([
  ['no diffIDs', {}],
  ['two diffIDs for one layer', { rootfs: { type: 'layers', diff_ids: ['a', 'b'] } }],
])('%s is refused', async (_, config) => {
  const folder = tempFolder()
  const path = archiveOf(folder, () => config)
  await expect(openArchiveImage(path, join(folder, 'tmp'))).rejects.toThrow(
    expect.objectContaining({ code: 'ARCHIVE_INVALID' }),
  )
})
