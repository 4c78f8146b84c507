import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ociErrors } from '../support/oci-schema.ts'

type Descriptor = { readonly digest: string }
type Manifest = { readonly config: Descriptor }

/** What is wrong with the documents of a layout in a folder (image-layout.md). */
export function layoutErrors(layout: string): readonly string[] {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(layout, name), 'utf8'))
  const blob = ({ digest }: Descriptor): unknown => read(join('blobs', digest.replace(':', '/')))
  const index = read('index.json') as { readonly manifests: readonly Descriptor[] }
  return [
    ...named('oci-layout', ociErrors('layout', read('oci-layout'))),
    ...named('index.json', ociErrors('index', index)),
    ...index.manifests.flatMap((descriptor) => {
      const manifest = blob(descriptor) as Manifest
      return [
        ...named('manifest', ociErrors('manifest', manifest)),
        ...named('configuration', ociErrors('config', blob(manifest.config))),
      ]
    }),
  ]
}

/** The same of an image in a registry without TLS; `name` is `HOST/REPOSITORY:TAG`. */
export async function registryErrors(host: string, name: string): Promise<readonly string[]> {
  const [, repository = '', tag = ''] = new RegExp(`^${host}/(.+):([^:/]+)$`).exec(name) ?? []
  const get = async (what: string): Promise<unknown> => {
    const accept = 'application/vnd.oci.image.manifest.v1+json'
    const answer = await fetch(`http://${host}/v2/${repository}/${what}`, { headers: { accept } })
    if (!answer.ok) throw new Error(`${what}: status ${answer.status}`)
    return await answer.json()
  }
  const manifest = (await get(`manifests/${tag}`)) as Manifest
  return [
    ...named('pushed manifest', ociErrors('manifest', manifest)),
    ...named(
      'pushed configuration',
      ociErrors('config', await get(`blobs/${manifest.config.digest}`)),
    ),
  ]
}

function named(what: string, errors: readonly string[]): readonly string[] {
  return errors.map((error) => `${what}: ${error}`)
}
