import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/**
 * Adds a base to an OCI layout, its configuration byte for byte: other tools drop what the OCI specification does not
 * know, such as ONBUILD. @returns the digest of its manifest
 */
export function ociLayout(archive: string, layout: string): string {
  const blobs = join(layout, 'blobs/sha256')
  mkdirSync(blobs, { recursive: true })
  const temp = mkdtempSync(join(layout, 'unpack-'))
  try {
    execFileSync('tar', ['-xf', archive, '-C', temp])
    const [first] = JSON.parse(readFileSync(join(temp, 'manifest.json'), 'utf8')) as {
      Config: string
    }[]
    const add = (file: string, mediaType: string): object => {
      const digest = createHash('sha256').update(readFileSync(file)).digest('hex')
      copyFileSync(file, join(blobs, digest))
      return { mediaType, digest: `sha256:${digest}`, size: statSync(file).size }
    }
    const type = (name: string): string => `application/vnd.oci.image.${name}`
    const manifest = join(temp, 'oci-manifest.json')
    writeFileSync(
      manifest,
      JSON.stringify({
        schemaVersion: 2,
        mediaType: type('manifest.v1+json'),
        config: add(join(temp, first?.Config ?? ''), type('config.v1+json')),
        layers: [add(join(temp, 'layer.tar'), type('layer.v1.tar'))],
      }),
    )
    const entry = add(manifest, type('manifest.v1+json')) as { digest: string }
    const index = join(layout, 'index.json')
    const known = readIndex(index)
    writeFileSync(index, JSON.stringify({ schemaVersion: 2, manifests: [...known, entry] }))
    writeFileSync(join(layout, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    return entry.digest
  } finally {
    rmSync(temp, { recursive: true, force: true })
  }
}

function readIndex(path: string): object[] {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { manifests: object[] }).manifests
  } catch {
    return []
  }
}
