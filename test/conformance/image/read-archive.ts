import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type ImageConfig, readTar, type TarHeader } from '../../../src/image/index.ts'
import { flattenLayers } from './flatten.ts'
import type { ImageState } from './types.ts'

/** A member of a layer with the digest of its body instead of the body. */
export type LayerMember = {
  readonly header: TarHeader
  readonly digest?: string
  readonly text?: string
}

const smallText = 4096

/** Layers seen before, by the digest of their tar: a base is the same in every image built on it. */
const known = new Map<string, readonly LayerMember[]>()

/**
 * Reads what `docker save`, `jettison save` and BuildKit's docker exporter write: an archive with a `manifest.json`.
 * Layers may be compressed with gzip.
 */
export async function readImageArchive(path: string): Promise<ImageState> {
  const files = new Map<string, Buffer>()
  const links = new Map<string, string>()
  for await (const { header, body } of readTar(createReadStream(path))) {
    if (header.kind === 'symlink' || header.kind === 'hardlink')
      links.set(header.name, normal(header.name, header.link ?? ''))
    if (header.kind === 'file') files.set(header.name, await collect(body))
  }
  const read = (name: string): Buffer => {
    const bytes = files.get(name) ?? files.get(links.get(name) ?? '')
    if (!bytes) throw new Error(`${path} has no ${name}`)
    return bytes
  }
  const [manifest] = JSON.parse(read('manifest.json').toString()) as {
    Config: string
    Layers: string[] | null
  }[]
  if (!manifest) throw new Error(`${path} holds no image`)
  const config = JSON.parse(read(manifest.Config).toString()) as ImageConfig
  const layers: (readonly LayerMember[])[] = []
  for (const name of manifest.Layers ?? []) layers.push(await readLayer(plain(read(name))))
  return stateOf(config, layers)
}

function stateOf(config: ImageConfig, layers: readonly (readonly LayerMember[])[]): ImageState {
  const { architecture, os, author, created } = config
  return {
    files: flattenLayers(layers),
    ...{ architecture, os, config: config.config, history: config.history },
    ...(author ? { author } : {}),
    ...(created ? { created } : {}),
    layers: layers.map((members) => members.map(({ header }) => header.name)),
  }
}

async function readLayer(bytes: Buffer): Promise<readonly LayerMember[]> {
  const digest = createHash('sha256').update(bytes).digest('hex')
  const seen = known.get(digest)
  if (seen) return seen
  const members: LayerMember[] = []
  for await (const { header, body } of readTar(inParts(bytes))) {
    if (header.kind !== 'file') {
      members.push({ header })
      continue
    }
    const content = await collect(body)
    const text = content.length <= smallText ? content.toString('utf8') : undefined
    members.push({
      header,
      digest: createHash('sha256').update(content).digest('hex'),
      ...(text !== undefined && Buffer.from(text).equals(content) ? { text } : {}),
    })
  }
  known.set(digest, members)
  return members
}

async function* inParts(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1 << 20)
    yield await Promise.resolve(bytes.subarray(at, at + (1 << 20)))
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(Uint8Array.from(part))
  return Buffer.concat(parts)
}

function plain(bytes: Buffer): Buffer {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes
}

/** Docker 20.10 links a layer that two images share to `../ID/layer.tar`. */
function normal(name: string, link: string): string {
  const parts = link.startsWith('../') ? [...name.split('/').slice(0, -1), link] : [link]
  return new URL(parts.join('/'), 'file:///').pathname.slice(1)
}
