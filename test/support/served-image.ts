import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { type Digest, type ImageConfig, sha256 } from '../../src/image/index.ts'
import { type Seen, startHttpStub } from './http-stub.ts'
import { tarOf } from './temp-store.ts'

/** One image, `x`, on a server of our own, each part of which a test can spoil. */
export type ServedImage = {
  readonly host: string
  readonly seen: readonly Seen[]
  readonly layer: Buffer
  readonly manifest: Buffer
  /** Answers before the ordinary answer; true when it did. */
  spoil: (seen: Seen, response: ServerResponse) => boolean
}

type Document = Record<string, unknown>

/** Changes the documents before their digests are computed. */
export type Change = {
  readonly config?: (config: Document) => void
  readonly manifest?: (manifest: Document) => void
}

export const platform = { os: 'linux', architecture: 'amd64' } as const

export function configOf(diffIds: readonly Digest[]): ImageConfig {
  return {
    ...platform,
    created: '2026-01-01T00:00:00Z',
    config: { Cmd: ['/hello'], Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: diffIds.map((_, n) => ({ created_by: `layer ${n}` })),
  }
}

export async function serveImage(change: Change = {}): Promise<ServedImage> {
  const { layer, config, manifest } = makeImage(change)
  const served: Pick<ServedImage, 'spoil'> = { spoil: () => false }
  const server = await startHttpStub((seen, response) => {
    if (served.spoil(seen, response)) return
    if (seen.url === '/v2/') response.writeHead(200).end()
    else if (/^\/v2\/x\/manifests\/(?:latest|sha256:)/.test(seen.url))
      response.writeHead(200).end(manifest)
    else if (seen.url.endsWith(sha256(layer)))
      response.writeHead(200, { 'content-length': layer.length }).end(layer)
    else if (seen.url.endsWith(sha256(config))) response.writeHead(200).end(config)
    else
      response
        .writeHead(404, { 'content-type': 'application/json' })
        .end('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest\\u001b[31m unknown"}]}')
  })
  onTestFinished(() => server.close())
  return Object.assign(served, { host: server.host, seen: server.seen, layer, manifest })
}

export function isLayer(served: ServedImage, seen: Seen): boolean {
  return seen.url.endsWith(sha256(served.layer))
}

/** Start of the `Range` that was asked for, 0 without one. */
export function offsetOf(seen: Seen): number {
  return Number(/bytes=(\d+)-/.exec(String(seen.headers.range))?.[1] ?? 0)
}

function makeImage(change: Change): {
  readonly layer: Buffer
  readonly config: Buffer
  readonly manifest: Buffer
} {
  const noise = Array.from({ length: 20_000 }, (_, n) =>
    createHash('sha256').update(String(n)).digest(),
  )
  const tar = tarOf([{ name: 'hello', body: Buffer.concat(noise) }])
  const layer = gzipSync(tar)
  const config: Document = { ...configOf([sha256(tar)]) }
  change.config?.(config)
  const configBytes = Buffer.from(JSON.stringify(config))
  const manifest: Document = {
    schemaVersion: 2,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: {
      mediaType: 'application/vnd.docker.container.image.v1+json',
      digest: sha256(configBytes),
      size: configBytes.length,
    },
    layers: [
      {
        mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
        digest: sha256(layer),
        size: layer.length,
      },
    ],
  }
  change.manifest?.(manifest)
  return { layer, config: configBytes, manifest: Buffer.from(JSON.stringify(manifest)) }
}
