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

test('of several images one is named, and who names none is told their names', async () => {
  const folder = tempFolder()
  const layer = tarOf([{ name: 'file', body: 'text' }])
  const names = ['one:1', 'two:latest']
  const config = (name: string): string =>
    JSON.stringify({
      ...{ architecture: 'amd64', os: 'linux', config: { Cmd: [name] } },
      rootfs: { type: 'layers', diff_ids: [sha256(layer)] },
    })
  const path = join(folder, 'both.tar')
  const manifest = names.map((name) => ({
    ...{ Config: `${name}.json`, RepoTags: [name], Layers: ['layer.tar'] },
  }))
  writeFileSync(
    path,
    tarOf([
      { name: 'manifest.json', body: JSON.stringify(manifest) },
      ...names.map((name) => ({ name: `${name}.json`, body: config(name) })),
      { name: 'layer.tar', body: layer },
    ]),
  )
  const open = (wanted?: string) => openArchiveImage(path, join(folder, 'tmp'), wanted)
  for (const [wanted, name] of [
    ['one:1', 'one:1'],
    ['two', 'two:latest'],
  ] as const) {
    const image = await open(wanted)
    expect(image.config.config).toEqual({ Cmd: [name] })
    image.close()
  }
  await expect(open()).rejects.toThrow(/FILE:one:1, FILE:two:latest/)
  await expect(open('three')).rejects.toThrow(
    expect.objectContaining({
      code: 'IMAGE_NOT_FOUND',
      hint: expect.stringContaining('FILE:two:latest'),
    }),
  )
})
