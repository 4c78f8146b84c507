import { type ByteStream, isFault } from '../../base/index.ts'
import { type Digest, isDigest } from '../../image/index.ts'
import { type DockerEndpoint, endpointName } from './endpoint.ts'
import { bytesOf, dockerRefused, exchange, jsonOf } from './exchange.ts'

/** An image of the engine. `id` is the digest of the configuration, or with containerd's store that of the manifest. */
export type EngineImage = {
  readonly id: Digest
  readonly tags: readonly string[]
  /** diffIDs, lowest layer first. */
  readonly layers: readonly Digest[]
}

type Io = { readonly signal?: AbortSignal | undefined }

/** A Docker Engine (or what speaks its API, as `podman system service` does). */
export interface DockerEngine {
  /** For messages. */
  readonly name: string
  /** Whether layers that it has may be left out of an archive that it loads: not with containerd's store. */
  keepsLayers(io: Io): Promise<boolean>
  /** @throws Fault IMAGE_NOT_FOUND */
  inspect(name: string, io: Io): Promise<EngineImage>
  /** Every image that has a layer. */
  images(io: Io): Promise<readonly EngineImage[]>
  /** `docker load`. @returns what it says it loaded @throws Fault DOCKER_REFUSED */
  load(archive: ByteStream, io: Io): Promise<readonly string[]>
  /** `docker save`. */
  save(name: string, io: Io): ByteStream
  tag(
    image: string,
    name: { readonly repository: string; readonly tag: string },
    io: Io,
  ): Promise<void>
}

const atOnce = 16

/** Nothing is connected before it is asked for. Every method throws Fault DOCKER_UNREACHABLE. */
export function openDockerEngine(endpoint: DockerEndpoint): DockerEngine {
  const get = async (path: string, { signal }: Io): Promise<unknown> =>
    jsonOf(endpoint, await exchange(endpoint, { method: 'GET', path, signal }))
  const inspect: DockerEngine['inspect'] = async (name, io) =>
    imageOf(await get(`/images/${encodeName(name)}/json`, io))
  return {
    name: endpointName(endpoint),
    inspect,
    keepsLayers: async (io) => {
      const info = (await get('/info', io)) as { DriverStatus?: readonly (readonly string[])[] }
      return !(info.DriverStatus ?? []).some(([, value]) => /snapshotter/.test(value ?? ''))
    },
    images: async (io) => {
      const list = (await get('/images/json', io)) as readonly { readonly Id: string }[]
      const found: (EngineImage | undefined)[] = []
      for (let at = 0; at < list.length; at += atOnce)
        found.push(...(await Promise.all(list.slice(at, at + atOnce).map(look))))
      return found.filter((image) => image !== undefined)

      async function look({ Id }: { readonly Id: string }): Promise<EngineImage | undefined> {
        try {
          return await inspect(Id, io)
        } catch (error) {
          // Somebody removes images while we look.
          if (isFault(error) && error.code === 'IMAGE_NOT_FOUND') return undefined
          throw error
        }
      }
    },
    load: async (archive, { signal }) => {
      const path = '/images/load?quiet=1'
      const answer = await exchange(endpoint, { method: 'POST', path, body: archive, signal })
      return loadedOf(bytesOf(endpoint, answer))
    },
    save: async function* (name, { signal }) {
      const path = `/images/${encodeName(name)}/get`
      yield* bytesOf(endpoint, await exchange(endpoint, { method: 'GET', path, signal }))
    },
    tag: async (image, { repository, tag }, { signal }) => {
      const query = new URLSearchParams({ repo: repository, tag })
      const path = `/images/${encodeName(image)}/tag?${query}`
      ;(await exchange(endpoint, { method: 'POST', path, signal })).resume()
    },
  }
}

/** Slashes belong to the path of the API; the rest of a name may hold nothing that means something in a URL. */
function encodeName(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/')
}

function imageOf(value: unknown): EngineImage {
  const { Id, RepoTags, RootFS } = value as {
    readonly Id?: unknown
    readonly RepoTags?: readonly string[] | null
    readonly RootFS?: { readonly Layers?: readonly string[] | null }
  }
  const id = String(Id)
  if (!isDigest(id)) throw dockerRefused(`an image without an ID: ${JSON.stringify(Id)}`)
  const layers = RootFS?.Layers ?? []
  return { id, tags: RepoTags ?? [], layers: layers.filter(isDigest) }
}

/** Lines of JSON: `{"stream":"Loaded image: app:1\\n"}`, `{"error":"…"}`. */
async function loadedOf(lines: ByteStream): Promise<readonly string[]> {
  const chunks: Uint8Array[] = []
  for await (const chunk of lines) chunks.push(chunk)
  const loaded: string[] = []
  for (const line of Buffer.concat(chunks).toString('utf8').split('\n')) {
    if (line.trim() === '') continue
    const said = parseLine(line)
    if (said.error !== undefined) throw dockerRefused(said.error)
    const name = /Loaded image(?: ID)?: (\S+)/.exec(said.stream ?? '')?.[1]
    if (name !== undefined) loaded.push(name)
  }
  return loaded
}

function parseLine(line: string): { readonly stream?: string; readonly error?: string } {
  try {
    return JSON.parse(line) as { readonly stream?: string; readonly error?: string }
  } catch {
    return { stream: line }
  }
}
